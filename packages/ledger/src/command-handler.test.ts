import { isRefusal } from "@releve/domain/refusal";
import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { beforeEach, expect, test } from "vitest";
import { execute, executeFrom, triesMax, type Executed } from "./command-handler.ts";
import { jobDecider, type JobCommand, type JobState } from "./deciders/job.ts";
import type { EventLog } from "./event-log.ts";
import type { JobEvent } from "./events/job.ts";
import { load } from "./fold.ts";
import { sampleEvents } from "./golden.fixture.ts";
import { memoryLog } from "./memory-log.ts";
import { jobStream } from "./streams.ts";

const { type: _, ...request } = sampleEvents.JobRequested;
const stream = jobStream(request.job);
const context = { atMs: 1, site: "site-a", actor: "test" };
const claimBy = (node: string): JobCommand => ({
  type: "claim",
  node: node as NodeId,
  site: "site-a" as SiteId,
  incarnation: `start of ${node}`,
  epoch: 1,
  aheadMs: 0,
});

let log: EventLog;
beforeEach(() => {
  log = memoryLog();
});

const run = (command: JobCommand, on: EventLog = log) => execute(on, stream, jobDecider, command, context);

function done(result: Awaited<ReturnType<typeof run>>): Executed<JobState, JobEvent> {
  if (isRefusal(result)) throw new Error(result.reason);
  return result;
}

/** A log where `meanwhile` happens between each of the first `times` reads and their appends. */
function withRace(times: number, meanwhile: () => Promise<unknown>): EventLog {
  let left = times;
  return {
    ...log,
    append: async (...args) => {
      if (left-- > 0) await meanwhile();
      return log.append(...args);
    },
  };
}

test("what was decided is appended, and the state returned is the one that the ledger then has", async () => {
  expect(done(await run({ type: "request", request })).events).toHaveLength(1);
  const claimed = done(await run(claimBy("a1")));
  expect(claimed.state).toMatchObject({
    status: "claimed",
    node: "a1",
    token: { epoch: 1, version: claimed.version },
  });
  expect(await load(log, stream, jobDecider)).toEqual({ state: claimed.state, version: claimed.version });
});

test("the same request twice writes nothing", async () => {
  const first = done(await run({ type: "request", request }));
  const again = done(await run({ type: "request", request }));
  expect(again).toEqual({ events: [], version: first.version, state: first.state });
  expect(await log.read(stream)).toHaveLength(1);
});

test("a refusal is returned and writes nothing", async () => {
  expect(await run(claimBy("a1"))).toMatchObject({ refused: "JOB_UNKNOWN" });
  expect(await log.read(stream)).toEqual([]);
});

test("who loses the race decides again on what is true then", async () => {
  await run({ type: "request", request });
  const raced = withRace(1, () => run(claimBy("b1")));
  expect(await run(claimBy("a1"), raced)).toMatchObject({ refused: "JOB_TAKEN" });
  expect((await load(log, stream, jobDecider)).state).toMatchObject({ status: "claimed", node: "b1" });
});

test("of many claims at once exactly one holds the job", async () => {
  await run({ type: "request", request });
  const results = await Promise.all(Array.from({ length: 20 }, (_unused, i) => run(claimBy(`n${i}`))));
  expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
});

test("a zombie's completion is refused after its job was released", async () => {
  await run({ type: "request", request });
  const { state } = done(await run(claimBy("a1")));
  if (state.status !== "claimed") throw new Error("it was not claimed");
  const { token } = state;
  await run({ type: "release", token, reason: "node-lost" });
  await run(claimBy("b1"));
  const { outputs, pictures, engine, computeMs, remarks } = sampleEvents.JobCompleted;
  const zombie: JobCommand = { type: "complete", token, outputs, pictures, engine, computeMs, remarks };
  expect(await run(zombie)).toMatchObject({ refused: "STALE_TOKEN" });
});

test("a stream that changes under every try is a fault, not an endless loop", async () => {
  await run({ type: "request", request });
  const toggle = async () => {
    const { state } = await load(log, stream, jobDecider);
    await (state.status === "claimed"
      ? run({ type: "release", token: state.token, reason: "drain" })
      : run(claimBy("b1")).then(async () => toggle()));
  };
  const raced = withRace(triesMax, toggle);
  await expect(run({ type: "cancel", reason: "x" }, raced)).rejects.toMatchObject({
    code: "LEDGER_CONTENDED",
  });
});

test("nothing is decided over an event that cannot be read here, and the fault names it", async () => {
  await run({ type: "request", request });
  const unread = { index: 0, why: "newer-schema", type: "JobCancelled", schema: 2, json: "{}" } as const;
  const newer: EventLog = {
    ...log,
    read: async (of) => (await log.read(of)).map((commit) => ({ ...commit, unread: [unread] })),
  };
  await expect(run(claimBy("a1"), newer)).rejects.toMatchObject({
    code: "LEDGER_NOT_UNDERSTOOD",
    message: expect.stringContaining("JobCancelled, schema 2") as string,
  });
});

test("event ids can be passed in", async () => {
  const ids = ["11111111-1111-4111-8111-111111111111" as JobId];
  await execute(log, stream, jobDecider, { type: "request", request }, context, () => ids.shift()!);
  expect((await log.read(stream))[0]!.events[0]!.eventId).toBe("11111111-1111-4111-8111-111111111111");
});

test("who knows the state is not made to read it, and what is known in vain is read", async () => {
  const nothing = { state: jobDecider.initial, version: "none" } as const;
  const command: JobCommand = { type: "request", request };
  const unreadable = { ...log, read: () => Promise.reject(new Error("it was read")) };
  const first = await executeFrom(nothing, unreadable, stream, jobDecider, command, context);
  expect(done(first).events).toHaveLength(1);
  const again = await executeFrom(nothing, log, stream, jobDecider, command, context);
  expect(done(again)).toMatchObject({ events: [], version: done(first).version });
});

test("a refusal is never based on a state that may be old", async () => {
  const nothing = { state: jobDecider.initial, version: "none" } as const;
  await run({ type: "request", request });
  const claimed = await executeFrom(nothing, log, stream, jobDecider, claimBy("a1"), context);
  expect(done(claimed).state.status).toBe("claimed");
});
