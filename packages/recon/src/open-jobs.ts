/** The jobs that wait or run, folded from the ledger with the job's own decider. A job that ended is forgotten. */
import type { JobId } from "@releve/domain/ids";
import { jobDecider, type JobState } from "@releve/ledger/deciders/job";
import type { Commit } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events";

export type OpenJob = Extract<JobState, { status: "waiting" | "claimed" }>;

export type OpenJobs = {
  readonly all: ReadonlyMap<JobId, OpenJob>;
  /** Applies a commit of any stream. @returns the job that it touched, if it was one of a job. */
  readonly apply: (commit: Commit) => JobId | undefined;
};

export function openJobs(): OpenJobs {
  const all = new Map<JobId, OpenJob>();
  const apply = (commit: Commit): JobId | undefined => {
    if (commit.stream.kind !== "job") return undefined;
    const job = commit.stream.id as JobId;
    const before = all.get(job) ?? jobDecider.initial;
    // A job that ended and is forgotten starts from nothing: only `JobRequested` may open it, and that was refused then.
    const events = commit.events.map(({ event }) => event as JobEvent);
    if (before.status === "none" && events[0]?.type !== "JobRequested") return job;
    const after = events.reduce<JobState>(
      (state, event) => jobDecider.evolve(state, event, commit.version),
      before,
    );
    if (after.status === "waiting" || after.status === "claimed") all.set(job, after);
    else all.delete(job);
    return job;
  };
  return { all, apply };
}
