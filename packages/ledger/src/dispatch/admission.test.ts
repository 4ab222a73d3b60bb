import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { admit, waitingPerSlotMax, type ClusterLoad } from "./admission.ts";

const gibi = 1024 ** 3;
const load = (change: Partial<ClusterLoad> = {}): ClusterLoad => ({
  nodes: [
    { slots: 1, memoryBytes: 4 * gibi },
    { slots: 2, memoryBytes: 8 * gibi },
  ],
  waiting: 0,
  running: 0,
  msPerJob: 10_000,
  ...change,
});
const routine = { needBytes: gibi, priority: "routine" } as const;
const codeOf = (answer: ReturnType<typeof admit>) => (isRefusal(answer) ? answer.refused : "admitted");

test("an idle cluster takes a job at once", () => {
  expect(admit(load(), routine)).toEqual({ admitted: true, forecastMs: 0 });
});

test("the forecast counts the jobs that come first and the time that one takes from the whole cluster", () => {
  expect(admit(load({ running: 3 }), routine)).toMatchObject({ forecastMs: 10_000 });
  expect(admit(load({ running: 3, waiting: 5 }), routine)).toMatchObject({ forecastMs: 60_000 });
  expect(admit(load({ running: 3, msPerJob: null }), routine)).toMatchObject({ forecastMs: null });
});

test("a full cluster refuses with a reason and a forecast, routine work first and a stat job last", () => {
  const full = load({ running: 3, waiting: 3 * waitingPerSlotMax.routine });
  expect(admit(full, routine)).toEqual({
    refused: "CLUSTER_FULL",
    reason: "300 jobs wait for 3 slots: a slot is free in about 51 min.",
    forecastMs: 3_010_000,
  });
  expect(codeOf(admit({ ...full, waiting: full.waiting - 1 }, routine))).toBe("admitted");
  expect(codeOf(admit(full, { ...routine, priority: "urgent" }))).toBe("admitted");
  const fuller = { ...full, waiting: 3 * waitingPerSlotMax.urgent };
  expect(codeOf(admit(fuller, { ...routine, priority: "urgent" }))).toBe("CLUSTER_FULL");
  expect(codeOf(admit(fuller, { ...routine, priority: "stat" }))).toBe("admitted");
});

test("what no node can do is refused at once, with the numbers, whatever its priority", () => {
  expect(admit(load(), { needBytes: 8 * gibi + 1, priority: "stat" })).toEqual({
    refused: "TOO_BIG_FOR_ANY_NODE",
    reason: "The job needs 8193 MiB; the largest of the 2 nodes gives 8192 MiB.",
    forecastMs: null,
  });
  expect(codeOf(admit(load(), { ...routine, needBytes: 8 * gibi }))).toBe("admitted");
});

test("nothing is too big while no node is known, or one does not say what it has", () => {
  const huge = { needBytes: 1_000 * gibi, priority: "routine" } as const;
  expect(codeOf(admit(load({ nodes: [] }), huge))).toBe("admitted");
  expect(codeOf(admit(load({ nodes: [{ slots: 1, memoryBytes: null }] }), huge))).toBe("admitted");
});

test("without a node heard the queue of one slot is taken, and no more", () => {
  const blind = load({ nodes: [], waiting: waitingPerSlotMax.routine });
  expect(codeOf(admit(blind, routine))).toBe("CLUSTER_FULL");
  expect(codeOf(admit({ ...blind, waiting: waitingPerSlotMax.routine - 1 }, routine))).toBe("admitted");
});
