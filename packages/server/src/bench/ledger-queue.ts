/** Ours: request, claim and completion are three commits of the job's stream, each synced, decided by the product's decider. */
import { systemClock } from "@releve/domain/clock";
import {
  uuidV5,
  type Digest,
  type JobId,
  type NodeId,
  type SiteId,
  type StudyId,
  type Uuid,
} from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { executeFrom } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand, type JobState } from "@releve/ledger/deciders/job";
import type { Commit, EventLog } from "@releve/ledger/event-log";
import { fold, type Folded } from "@releve/ledger/fold";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream } from "@releve/ledger/streams";
import { startNats } from "@releve/testkit/nats/nats-server";
import { handlers, type JobQueue } from "./job-queue.ts";

const namespace = "5b0a5a2e-8f0e-4a53-9c1a-6c6d6f0b7e11" as Uuid;
const site = "site-a" as SiteId;
const node = "a1" as NodeId;

export async function ledgerQueue(): Promise<JobQueue> {
  const nats = await startNats();
  const log = await openJetStreamLog({ servers: [nats.url], name: "bench", limitMs: 60_000 });
  const subscription = log.subscribe();
  const jobs: JobQueue = {
    submit: async (name) => {
      const job = uuidV5(namespace, name) as string as JobId;
      await run(log, job, nothingKnown, { type: "request", request: requestOf(job, name) });
    },
    onStart: () => {},
    onDone: () => {},
    close: async () => {
      subscription.stop();
      await working;
      await log.close();
      await nats[Symbol.asyncDispose]();
    },
  };
  const working = work(log, subscription, jobs);
  return jobs;
}

const nothingKnown: Folded<JobState> = { state: jobDecider.initial, version: "none" };

/** Takes each job that is requested, at most `handlers` at once. */
async function work(log: EventLog, commits: AsyncIterable<Commit>, jobs: JobQueue): Promise<void> {
  const busy = new Set<Promise<void>>();
  for await (const commit of commits) {
    const [first] = commit.events;
    if (first?.event.type !== "JobRequested") continue;
    if (busy.size >= handlers) await Promise.race(busy);
    const { job, plan } = first.event;
    const done = handle(log, job, fold(jobDecider, [commit]), jobs, plan).finally(() => busy.delete(done));
    busy.add(done);
  }
  await Promise.all(busy);
}

async function handle(
  log: EventLog,
  job: JobId,
  requested: Folded<JobState>,
  jobs: JobQueue,
  name: string,
): Promise<void> {
  const claimed = await run(log, job, requested, { type: "claim", node, site, epoch: log.epoch, aheadMs: 0 });
  if (claimed.state.status !== "claimed") throw new Error("the claim was refused");
  jobs.onStart(name);
  const { token } = claimed.state;
  const result = { outputs: [], pictures: [], engine: "none", computeMs: 0, remarks: [] };
  await run(log, job, claimed, { type: "complete", token, ...result });
  jobs.onDone(name);
}

async function run(log: EventLog, job: JobId, known: Folded<JobState>, command: JobCommand) {
  const context = { atMs: systemClock.nowMs(), site, actor: "bench" };
  const done = await executeFrom(known, log, jobStream(job), jobDecider, command, context);
  if (isRefusal(done)) throw new Error(done.reason);
  return done;
}

/** The name travels as the plan's digest, so that who sees the request knows the job's name. */
const requestOf = (job: JobId, name: string) => ({
  job,
  study: job as string as StudyId,
  application: "none",
  applicationVersion: "1",
  parameters: {},
  plan: name as Digest,
  inputSite: site,
  inputBytes: 0,
  needBytes: 0,
  priority: "routine" as const,
  deadlineAtMs: null,
});
