import { systemClock } from "@releve/domain/clock";
import type { Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import type { EventLog } from "@releve/ledger/event-log";
import type { JobRequest } from "@releve/ledger/events";
import { LedgerFault } from "@releve/ledger/faults";
import { memoryLog } from "@releve/ledger/memory-log";
import { jobStream } from "@releve/ledger/streams";
import { afterEach, expect, test, vi } from "vitest";
import { NodeLoop, type NodeLoopDeps } from "./node-loop.ts";
import type { AttemptResult } from "./run-attempt.ts";

const site = "site-a" as SiteId;
const self = (name: string, start = "1") => ({ node: name as NodeId, site, incarnation: `${name}-${start}` });

const jobIdAt = (number: number) => `00000000-0000-5000-8000-${String(number).padStart(12, "0")}` as JobId;
const requestOf = (number: number): JobRequest => ({
  job: jobIdAt(number),
  study: "00000000-0000-5000-8000-000000000000" as StudyId,
  application: "mpr",
  applicationVersion: "1.0.0",
  parameters: {},
  plan: "a".repeat(64) as Digest,
  inputSite: site,
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
});

const result: AttemptResult = { outputs: [], pictures: [], engine: "test", computeMs: 1, remarks: [] };
const context = { atMs: 0, site, actor: "test" };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

function start(log: EventLog, name: string, attempt: NodeLoopDeps["attempt"], incarnation = self(name)) {
  const stopping = new AbortController();
  const faults: string[] = [];
  const loop = new NodeLoop({
    log,
    clock: systemClock,
    self: incarnation,
    slots: 1,
    engine: "test",
    memoryBytes: 1024,
    aliveNodes: () => [],
    attempt,
    report: () => {},
    onFault: (fault) => faults.push(fault.code),
  });
  const done = loop.run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await done;
  };
  stops.push(stop);
  return { loop, stop, faults };
}

const command = (log: EventLog, number: number, what: JobCommand) =>
  execute(log, jobStream(jobIdAt(number)), jobDecider, what, context);
const request = (log: EventLog, number: number) =>
  command(log, number, { type: "request", request: requestOf(number) });

async function typesOf(log: EventLog, number: number): Promise<string[]> {
  const commits = await log.read(jobStream(jobIdAt(number)));
  return commits.flatMap((commit) => commit.events.map(({ event }) => event.type));
}

const until = (log: EventLog, number: number, type: string) =>
  vi.waitUntil(async () => (await typesOf(log, number)).includes(type), { timeout: 10_000 });

test("a node claims one job at a time and completes each of them", async () => {
  const log = memoryLog();
  let atOnce = 0;
  let most = 0;
  start(log, "a1", async () => {
    most = Math.max(most, ++atOnce);
    await systemClock.wait(5);
    atOnce--;
    return result;
  });
  for (const number of [1, 2, 3]) await request(log, number);
  for (const number of [1, 2, 3]) await until(log, number, "JobCompleted");
  expect(most).toBe(1);
  expect(await typesOf(log, 2)).toEqual(["JobRequested", "JobClaimed", "JobCompleted"]);
});

test("what an application refuses is dead-lettered with its reason, not tried again", async () => {
  const log = memoryLog();
  start(log, "a1", async () => refusal("IRREGULAR_SPACING", "the spacing changes"));
  await request(log, 1);
  await until(log, 1, "JobDeadLettered");
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobAttemptFailed",
    "JobDeadLettered",
  ]);
});

test("a job of a lost node is released and finished by another; the zombie's completion is refused", async () => {
  const log = memoryLog();
  const frozen = Promise.withResolvers<AttemptResult>();
  const zombie = start(log, "a1", () => frozen.promise);
  await request(log, 1);
  await until(log, 1, "JobClaimed");
  const other = start(log, "b1", async () => result);
  await other.loop.nodeLost(self("a1"), 1_500);
  await until(log, 1, "JobCompleted");
  frozen.resolve(result);
  await zombie.stop();
  expect(await typesOf(log, 1)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "JobClaimed",
    "JobCompleted",
  ]);
});

test("a cancelled job stops where it runs", async () => {
  const log = memoryLog();
  const aborted = Promise.withResolvers<void>();
  start(log, "a1", (_, signal) => {
    signal.addEventListener("abort", () => aborted.resolve());
    return aborted.promise.then(() => result);
  });
  await request(log, 1);
  await until(log, 1, "JobClaimed");
  await command(log, 1, { type: "cancel", reason: "not wanted any more" });
  await aborted.promise;
  expect((await typesOf(log, 1)).at(-1)).toBe("JobCancelled");
});

test("a node that stops gives its job back", async () => {
  const log = memoryLog();
  const node = start(
    log,
    "a1",
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
  );
  await request(log, 1);
  await until(log, 1, "JobClaimed");
  await node.stop();
  expect((await typesOf(log, 1)).at(-1)).toBe("JobReleased");
});

test("a node that was started again takes back what its earlier start held", async () => {
  const log = memoryLog();
  await request(log, 1);
  const { node, incarnation } = self("a1", "old");
  await command(log, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  start(log, "a1", async () => result, self("a1", "new"));
  await until(log, 1, "JobCompleted");
  expect(await typesOf(log, 1)).toContain("JobReleased");
});

test("a completion is said again until the ledger takes it", async () => {
  const log = memoryLog();
  let refuse = false;
  const flaky: EventLog = {
    ...log,
    append: async (...call) => {
      if (refuse) {
        refuse = false;
        throw new LedgerFault("LEDGER_UNREACHABLE", "down");
      }
      return log.append(...call);
    },
  };
  const node = start(flaky, "a1", async () => {
    refuse = true;
    return result;
  });
  await request(log, 1);
  await until(log, 1, "JobCompleted");
  expect(node.faults).toEqual(["LEDGER_UNREACHABLE"]);
});
