import type { KernelTested } from "@releve/ledger/events/node";
import { nodeStream } from "@releve/ledger/streams";
import { expect, test } from "vitest";
import { a1, b1, eventsOf, free, heldAttempt, newWorld, request, typesOf } from "./node-loop.fixture.ts";

const kernels = [
  { kernel: "reslice", engine: "gpu.js/webasm", ok: true, worst: 0.01, tolerance: 0.25, reason: null },
  { kernel: "project-max", engine: "gpu.js/webasm", ok: false, worst: 40, tolerance: 0.25, reason: null },
];
const selfTest = {
  kernels,
  refusedOf: (results: readonly KernelTested[]) => {
    const failed = results.filter(({ ok }) => !ok).map(({ kernel }) => kernel);
    return new Map(failed.length > 0 ? [["slab", failed]] : []);
  },
};

test("a node says what its kernels gave in the commit of its join, and again when it was lost", async () => {
  const { log, clock, start } = newWorld();
  const node = await start(a1, { selfTest });
  await clock.advance(500);
  await node.loop.nodeLost(a1, 1_500);
  await clock.advance(500);
  const commits = await log.read(nodeStream(a1.site, a1.node));
  const joined = [{ type: "NodeJoined" }, { type: "NodeSelfTested", node: a1.node, site: a1.site, kernels }];
  expect(commits.map(({ events }) => events.map(({ event }) => event))).toMatchObject([
    joined,
    [{ type: "NodeLost" }],
    joined,
  ]);
});

test("it takes no job of an application whose kernel is out of tolerance: that waits for a node where it is right", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1, { application: "slab" });
  await request(log, 2, { application: "mpr" });
  await start(a1, { selfTest });
  await clock.advance(5_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  expect(await typesOf(log, 2)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
  await start(b1, { selfTest: { ...selfTest, kernels: [] } });
  await clock.advance(5_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test("nor does it compute one ahead of the ledger when the node that had it is lost", async () => {
  const { log, state, clock, start } = newWorld();
  await request(log, 1, { application: "slab" });
  await start(b1, { attempt: heldAttempt().attempt });
  await clock.advance(1_000);
  const { attempt, started } = heldAttempt();
  const node = await start(a1, { selfTest, attempt });
  state.away = true;
  const told = node.loop.nodeLost(b1, 1_500);
  await clock.advance(1_000);
  await told;
  expect(started).toEqual([]);
});

test("a job whose kernel is out of tolerance on every node is given up by its name, but not before two minutes", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1, { application: "slab" });
  await request(log, 2, { application: "mpr" });
  await start(a1, { selfTest, others: [free(b1)] });
  await start(b1, { selfTest, others: [free(a1)] });
  await clock.advance(115_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  await clock.advance(15_000);
  const [, deadLettered, ...others] = await eventsOf(log, 1);
  expect(deadLettered).toMatchObject({
    type: "JobDeadLettered",
    code: "KERNEL_OUT_OF_TOLERANCE",
    reason: expect.stringMatching(/^Each of the 2 nodes .*: project-max\.$/),
  });
  expect(others).toEqual([]);
  expect(await typesOf(log, 2)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test.each([
  ["has never said what its kernels gave", undefined],
  ["has them right", { ...selfTest, kernels: [{ ...kernels[0]!, kernel: "project-max" }] }],
])("the job waits while a node that is full %s", async (_, other) => {
  const { log, clock, start } = newWorld();
  const { attempt } = heldAttempt();
  await request(log, 2, { application: "mpr" });
  await start(b1, { ...(other && { selfTest: other }), attempt });
  await clock.advance(1_000);
  await start(a1, { selfTest, others: [free(b1, 0)] });
  await request(log, 1, { application: "slab" });
  await clock.advance(300_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
});

test("nor does a node count that has too little memory for the job: only those that could do it are asked", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1, { application: "slab", needBytes: 100 });
  await start(a1, { selfTest, others: [{ ...free(b1), memoryBytes: 10 }] });
  await clock.advance(130_000);
  expect((await eventsOf(log, 1)).at(-1)).toMatchObject({
    code: "KERNEL_OUT_OF_TOLERANCE",
    reason: expect.stringContaining("The one node"),
  });
});
