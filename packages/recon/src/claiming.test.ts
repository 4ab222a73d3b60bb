/** Which jobs a node takes, and how each ends. */
import { refusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import {
  a1,
  b1,
  command,
  eventsOf,
  free,
  heldAttempt,
  newWorld,
  request,
  result,
  typesOf,
} from "./node-loop.fixture.ts";

test("a node claims into its free slots only and completes each job", async () => {
  const { log, clock, start } = newWorld();
  let atOnce = 0;
  let most = 0;
  const attempt = async () => {
    most = Math.max(most, ++atOnce);
    await clock.wait(5);
    atOnce--;
    return result;
  };
  for (const number of [1, 2, 3, 4, 5]) await request(log, number);
  await start(a1, { attempt, slots: 2 });
  await clock.advance(1_000);
  expect(most).toBe(2);
  for (const number of [1, 2, 3, 4, 5])
    expect(await typesOf(log, number)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test("the urgent job goes first", async () => {
  const { log, clock, start } = newWorld();
  const order: string[] = [];
  await request(log, 1);
  await request(log, 2, { priority: "urgent" });
  await request(log, 3, { priority: "stat" });
  await start(a1, {
    attempt: async (job) => {
      order.push(job.priority);
      return result;
    },
  });
  await clock.advance(1_000);
  expect(order).toEqual(["stat", "urgent", "routine"]);
});

test("what an application refuses is dead-lettered with its reason, not tried again", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  await start(a1, { attempt: async () => refusal("IRREGULAR_SPACING", "the spacing changes") });
  await clock.advance(500);
  const types = ["JobRequested", "JobClaimed", "JobAttemptFailed", "JobDeadLettered"];
  expect(await typesOf(log, 1)).toEqual(types);
});

test("an application's bug ends the job after its attempts, with its kind and place only, and the node goes on", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const node = await start(a1, {
    attempt: async (job) => {
      if (job.job.endsWith("1")) throw new TypeError("MUELLER^ANNA is not a number");
      return result;
    },
  });
  await clock.advance(5_000);
  await request(log, 2);
  await clock.advance(5_000);
  const events = await eventsOf(log, 1);
  expect(events.filter(({ type }) => type === "JobClaimed")).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: "JobDeadLettered", code: "ATTEMPT_BUG" });
  expect(JSON.stringify(events)).toMatch(/TypeError at claiming.test.ts:\d+/);
  expect(JSON.stringify(events)).not.toContain("MUELLER");
  expect(node.faults).toEqual(["ATTEMPT_BUG", "ATTEMPT_BUG", "ATTEMPT_BUG"]);
  expect((await typesOf(log, 2)).at(-1)).toBe("JobCompleted");
});

test("a cancelled job stops where it runs", async () => {
  const { log, clock, start } = newWorld();
  const held = heldAttempt();
  await request(log, 1);
  const node = await start(a1, { attempt: held.attempt });
  await clock.advance(500);
  await command(log, 1, { type: "cancel", reason: "not wanted any more" });
  await clock.advance(0);
  expect(held.dropped).toHaveLength(1);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobCancelled"]);
  expect(node.reports.at(-1)?.busy).toBe(0);
});

test("a job that was given up and is asked for again is done, though the node had forgotten it", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  await command(log, 1, { type: "cancel", reason: "not now" });
  await start(a1);
  await clock.advance(1_000);
  await command(log, 1, { type: "retry", reason: "now" });
  await clock.advance(1_000);
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobCancelled",
    "JobRetried",
    "JobClaimed",
    "JobCompleted",
  ]);
});

test("a node that does not hear its own beats claims nothing until it does", async () => {
  const { log, clock, start } = newWorld();
  let hears = false;
  await request(log, 1);
  await start(a1, { hearsItself: () => hears });
  await clock.advance(60_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  hears = true;
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCompleted");
});

test("a job too big for every node is dead-lettered once the nodes know each other, and not before", async () => {
  const { log, clock, start } = newWorld();
  await start(a1, { others: [{ ...free(b1), memoryBytes: 2_000 }] });
  await request(log, 1, { needBytes: 2_001 });
  await request(log, 2, { needBytes: 2_000 });
  await clock.advance(29_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested"]);
  await clock.advance(10_000);
  expect(await eventsOf(log, 1)).toMatchObject([
    {},
    { type: "JobDeadLettered", code: "TOO_BIG_FOR_ANY_NODE" },
  ]);
  expect(await typesOf(log, 2)).toEqual(["JobRequested"]);
});
