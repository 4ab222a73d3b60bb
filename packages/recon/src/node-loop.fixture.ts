/** Nodes over one ledger in memory, with a clock that the test moves. */
import type { Digest, JobId, NodeId, SiteId, StudyId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { EventLog } from "@releve/ledger/event-log";
import type { JobEvent, JobRequest } from "@releve/ledger/events/job";
import { LedgerFault } from "@releve/ledger/faults";
import { memoryLog } from "@releve/ledger/memory-log";
import { jobStream } from "@releve/ledger/streams";
import { fakeClock } from "@releve/testkit/fake-clock";
import { onTestFinished } from "vitest";
import { NodeLoop } from "./node-loop.ts";
import type { NodeLoopDeps } from "./node-loop-deps.ts";
import type { AttemptResult } from "./run-attempt.ts";

export const siteA = "site-a" as SiteId;
export const result: AttemptResult = { outputs: [], pictures: [], engine: "test", computeMs: 1, remarks: [] };

export const named = (name: string, start = "1"): Incarnation => ({
  node: name as NodeId,
  site: `site-${name[0]}` as SiteId,
  incarnation: `${name}-${start}`,
});

export const jobIdAt = (number: number) =>
  `00000000-0000-5000-8000-${String(number).padStart(12, "0")}` as JobId;

export const requestOf = (number: number, change: Partial<JobRequest> = {}): JobRequest => ({
  job: jobIdAt(number),
  study: "00000000-0000-5000-8000-000000000000" as StudyId,
  application: "mpr",
  applicationVersion: "1.0.0",
  parameters: {},
  plan: "a".repeat(64) as Digest,
  inputSite: siteA,
  inputBytes: 1,
  needBytes: 1,
  priority: "routine",
  deadlineAtMs: null,
  ...change,
});

const context = { atMs: 0, site: siteA, actor: "test" };

export const command = (log: EventLog, number: number, what: JobCommand) =>
  execute(log, jobStream(jobIdAt(number)), jobDecider, what, context);

export const request = (log: EventLog, number: number, change: Partial<JobRequest> = {}) =>
  command(log, number, { type: "request", request: requestOf(number, change) });

export async function eventsOf(log: EventLog, number: number): Promise<readonly JobEvent[]> {
  const commits = await log.read(jobStream(jobIdAt(number)));
  return commits.flatMap((commit) => commit.events.map(({ event }) => event as JobEvent));
}

export const typesOf = async (log: EventLog, number: number) =>
  (await eventsOf(log, number)).map(({ type }) => type);

/** A log that can be away: whatever is asked of it then fails, as after the engine's own limit. */
export function awayable(log: EventLog) {
  const state = { away: false };
  const unlessAway =
    <Call extends unknown[], Answer>(act: (...call: Call) => Promise<Answer>) =>
    async (...call: Call): Promise<Answer> => {
      if (state.away) throw new LedgerFault("LEDGER_UNREACHABLE", "away");
      return act(...call);
    };
  return { log: { ...log, append: unlessAway(log.append), read: unlessAway(log.read) }, state };
}

type TestNode = {
  readonly loop: NodeLoop;
  readonly reports: Parameters<NodeLoopDeps["report"]>[0][];
  readonly faults: string[];
  readonly done: Promise<void>;
  readonly stop: () => Promise<void>;
};

export type TestNodeOptions = Pick<NodeLoopDeps, "log" | "clock" | "attempt"> &
  Partial<NodeLoopDeps> & { readonly others?: readonly NodeWithSlots[] };

/** Starts a node; whoever starts it stops it. */
export function startNode(self: Incarnation, options: TestNodeOptions): TestNode {
  const stopping = new AbortController();
  const faults: string[] = [];
  const reports: TestNode["reports"] = [];
  const { others = [], ...deps } = options;
  const loop = new NodeLoop({
    self,
    slots: 1,
    engine: "test",
    memoryBytes: 1024,
    aliveNodes: () => others,
    report: (now) => void reports.push(now),
    onFault: (fault) => void faults.push(fault.code),
    ...deps,
  });
  const done = loop.run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await done;
  };
  return { loop, reports, faults, done, stop };
}

/** An attempt that the test ends; it is dropped by its signal. */
export function heldAttempt() {
  const started: JobRequest[] = [];
  const dropped: JobRequest[] = [];
  const finish = Promise.withResolvers<AttemptResult>();
  const attempt: NodeLoopDeps["attempt"] = (job, signal) => {
    started.push(job);
    return new Promise((resolve, reject) => {
      void finish.promise.then(resolve);
      signal.addEventListener("abort", () => {
        dropped.push(job);
        reject(signal.reason as Error);
      });
    });
  };
  return { attempt, started, dropped, finish: () => finish.resolve(result) };
}

/** A ledger, a clock, and nodes on them; the ledger can be away for all of them. Stops its nodes at the test's end. */
export function newWorld() {
  const real = memoryLog();
  const { log, state } = awayable(real);
  const clock = fakeClock();
  const start = async (self: Incarnation, options: Partial<TestNodeOptions> = {}) => {
    const node = startNode(self, { log, clock, attempt: async () => result, ...options });
    onTestFinished(() => node.stop().catch(() => {}));
    await clock.advance(0);
    return node;
  };
  return { real, log, state, clock, start };
}

export const [a1, a2, b1] = [named("a1"), named("a2"), named("b1")] as const;
export const free = (node: Incarnation, freeSlots = 1): NodeWithSlots => ({ ...node, freeSlots });
