/** The ledger as the fail-over benchmark sees it: jobs that only wait, and when each event of them was heard here. */
import { systemClock } from "@releve/domain/clock";
import { jobIdOf, type Digest, type JobId, type NodeId, type SiteId, type StudyId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import type { EventLog, Version } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events/job";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream } from "@releve/ledger/streams";

type Heard = { readonly event: JobEvent; readonly version: Version; readonly atMs: number };
export type HeardClaim = { readonly node: NodeId; readonly version: Version; readonly atMs: number };

export type BenchLedger = {
  readonly log: EventLog;
  /** A new job that waits `forMs` where it is computed. */
  readonly request: (forMs: number) => Promise<JobId>;
  readonly command: (job: JobId, command: JobCommand) => ReturnType<typeof executeJob>;
  readonly cancel: (job: JobId) => Promise<void>;
  readonly eventsOf: (job: JobId) => readonly JobEvent[];
  /** The claims heard so far. */
  readonly claimsOf: (job: JobId) => readonly HeardClaim[];
  /** The job's claim number `index`, with the moment (performance.now) at which it was heard here. */
  readonly claimOf: (job: JobId, index: number, limitMs: number) => Promise<HeardClaim>;
  /** How often a node of this name joined. */
  readonly joins: (node: string) => number;
  readonly until: (condition: () => boolean, limitMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const site = "bench" as SiteId;
const executeJob = (log: EventLog, job: JobId, command: JobCommand) =>
  execute(log, jobStream(job), jobDecider, command, { atMs: systemClock.nowMs(), site, actor: "bench" });

let jobs = 0;

/** @param replicas of the ledger, where it has more than the one at `url`. */
export async function benchLedger(url: string, replicas = 1): Promise<BenchLedger> {
  const log = await openJetStreamLog({
    servers: [url],
    name: "bench",
    stream: { ...ledgerStream, replicas },
  });
  const heard = new Map<string, Heard[]>();
  const joined = new Map<string, number>();
  const subscription = log.subscribe();
  let wake = Promise.withResolvers<void>();
  const following = (async () => {
    for await (const { stream, version, events } of subscription) {
      const atMs = performance.now();
      for (const { event } of events) {
        if (event.type === "NodeJoined") joined.set(event.node, (joined.get(event.node) ?? 0) + 1);
        if (stream.kind !== "job") continue;
        heard.set(stream.id, [...(heard.get(stream.id) ?? []), { event: event as JobEvent, version, atMs }]);
      }
      wake.resolve();
      wake = Promise.withResolvers();
    }
  })();

  const until = async (condition: () => boolean, limitMs: number) => {
    const untilMs = performance.now() + limitMs;
    while (!condition()) {
      if (performance.now() > untilMs)
        throw new Error(`what was waited for did not come within ${limitMs} ms`);
      await Promise.race([wake.promise, systemClock.wait(50)]);
    }
  };
  const claimsOf = (job: JobId): HeardClaim[] =>
    (heard.get(job) ?? []).flatMap(({ event, version, atMs }) =>
      event.type === "JobClaimed" ? [{ node: event.node, version, atMs }] : [],
    );
  return {
    log,
    request: async (forMs) => {
      const request = requestOf((jobs += 1), forMs);
      await executeJob(log, request.job, { type: "request", request });
      return request.job;
    },
    command: (job, command) => executeJob(log, job, command),
    cancel: async (job) => void (await executeJob(log, job, { type: "cancel", reason: "measured" })),
    eventsOf: (job) => (heard.get(job) ?? []).map(({ event }) => event),
    claimsOf,
    claimOf: async (job, index, limitMs) => {
      await until(() => claimsOf(job).length > index, limitMs);
      return claimsOf(job)[index]!;
    },
    joins: (node) => joined.get(node) ?? 0,
    until,
    close: async () => {
      subscription.stop();
      await following;
      await log.close();
    },
  };
}

function requestOf(number: number, forMs: number) {
  const inputDigest = String(number).padStart(64, "0") as Digest;
  return {
    job: jobIdOf({ application: "wait", version: "1", parameters: "", inputDigest }),
    study: "00000000-0000-5000-8000-000000000000" as StudyId,
    application: "wait",
    applicationVersion: "1",
    parameters: { forMs },
    plan: inputDigest,
    inputSite: site,
    inputBytes: 0,
    needBytes: 0,
    priority: "routine",
    deadlineAtMs: null,
  } as const;
}
