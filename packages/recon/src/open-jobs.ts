/**
 * The jobs that wait or run, folded from the ledger with the job's own decider. A job that ended is forgotten.
 *
 * A job whose stream holds what this version cannot read (written by a newer one, or damaged) is left alone: its state would
 * be wrong here, and a node that can read it does the work.
 */
import type { JobId } from "@releve/domain/ids";
import { jobDecider, type JobState } from "@releve/ledger/deciders/job";
import type { Commit, Version } from "@releve/ledger/event-log";
import { fold } from "@releve/ledger/fold";

export type OpenJob = Extract<JobState, { status: "waiting" | "claimed" }>;

export type Applied =
  /** `now`: undefined where the job is not open (any more). */
  | { readonly job: JobId; readonly now: OpenJob | undefined }
  /** A job that had ended and was forgotten goes on: it has to be read from its beginning. */
  | { readonly job: JobId; readonly readAgain: true }
  | { readonly job: JobId; readonly leftAlone: string };

export type OpenJobs = {
  readonly all: ReadonlyMap<JobId, OpenJob>;
  /** Applies a commit of any stream. @returns what became of the job, if it was one of a job. */
  readonly apply: (commit: Commit) => Applied | undefined;
  /** Takes a job's whole stream; commits of it that come later and are in it already change nothing. */
  readonly restore: (job: JobId, commits: readonly Commit[]) => Applied | undefined;
};

export function openJobs(): OpenJobs {
  const all = new Map<JobId, OpenJob>();
  /** Only of jobs that were read again. */
  const readUpTo = new Map<JobId, Version>();

  const keep = (job: JobId, state: JobState): Applied => {
    const now = state.status === "waiting" || state.status === "claimed" ? state : undefined;
    if (now) all.set(job, now);
    else all.delete(job);
    return { job, now };
  };
  /** Folds the commits onto a state, or leaves the job alone where they cannot be read. */
  const advance = (job: JobId, state: JobState, commits: readonly Commit[]): Applied => {
    try {
      return keep(job, fold(jobDecider, commits, { state, version: "none" }).state);
    } catch (error) {
      all.delete(job);
      return { job, leftAlone: reasonOf(commits, error as Error) };
    }
  };
  const apply = (commit: Commit): Applied | undefined => {
    if (commit.stream.kind !== "job") return undefined;
    const job = commit.stream.id as JobId;
    const upTo = readUpTo.get(job);
    if (upTo !== undefined && commit.version <= upTo) return undefined;
    readUpTo.delete(job);
    const before = all.get(job);
    if (before) return advance(job, before, [commit]);
    // Forgotten: it ended, or was left alone. Only a request opens a job, and only a retry opens it again.
    const first = commit.events[0]?.event.type;
    if (first === "JobRequested") return advance(job, jobDecider.initial, [commit]);
    return first === "JobRetried" ? { job, readAgain: true } : { job, now: undefined };
  };
  const restore = (job: JobId, commits: readonly Commit[]): Applied | undefined => {
    const last = commits.at(-1);
    if (!last) return undefined;
    readUpTo.set(job, last.version);
    return advance(job, jobDecider.initial, commits);
  };
  return { all, apply, restore };
}

/** The same for every job that has the same trouble, so that it can be said once. */
function reasonOf(commits: readonly Commit[], error: Error): string {
  const unread = commits.find((commit) => commit.unread)?.unread?.[0];
  if (!unread) return error.message;
  return `${unread.type || "an entry"}, schema ${unread.schema}, cannot be read here (${unread.why})`;
}
