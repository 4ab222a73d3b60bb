/**
 * How many jobs wait and run, and how fast they end: what admission decides from. Folded from the ledger's commits; the rate
 * is by this process's own clock, so jobs that ended before it looked do not count.
 */
import type { Commit } from "../event-log.ts";
import type { JobEvent } from "../events/job.ts";

export type LoadMeter = {
  /** Takes a commit of any stream. `nowMs` absent: it is history, read at the start, and says nothing of the rate. */
  readonly apply: (commit: Commit, nowMs?: number) => void;
  readonly read: (nowMs: number) => {
    readonly waiting: number;
    readonly running: number;
    readonly msPerJob: number | null;
  };
};

/** The rate is that of the latest ends, as many as these and no older than that. */
export const endsMax = 64;
const windowMs = 600_000;
/** Fewer say nothing about a rate. */
const endsMin = 3;

type Status = "waiting" | "running" | "ended";

const statusAfter: Readonly<Record<JobEvent["type"], Status>> = {
  JobRequested: "waiting",
  JobClaimed: "running",
  JobAttemptFailed: "waiting",
  JobReleased: "waiting",
  JobRetried: "waiting",
  JobCompleted: "ended",
  JobDeadLettered: "ended",
  JobCancelled: "ended",
  JobSuperseded: "ended",
};

export function newLoadMeter(): LoadMeter {
  const open = new Map<string, Exclude<Status, "ended">>();
  const ends: number[] = [];
  let running = 0;

  const set = (job: string, status: Status, nowMs: number | undefined) => {
    const before = open.get(job);
    if (before === "running") running -= 1;
    if (status === "running") running += 1;
    if (status !== "ended") return void open.set(job, status);
    open.delete(job);
    // A job that was cancelled while it waited freed no slot.
    if (before !== "running" || nowMs === undefined) return;
    ends.push(nowMs);
    if (ends.length > endsMax) ends.shift();
  };
  return {
    apply: ({ stream, events }, nowMs) => {
      if (stream.kind !== "job") return;
      const last = events.at(-1)?.event as JobEvent | undefined;
      if (last) set(stream.id, statusAfter[last.type], nowMs);
    },
    read: (nowMs) => ({ waiting: open.size - running, running, msPerJob: msPerJob(ends, nowMs) }),
  };
}

/** @param ends when jobs ended, the oldest first. @returns null where too few ended lately to say. */
export function msPerJob(ends: readonly number[], nowMs: number): number | null {
  const recent = ends.filter((atMs) => nowMs - atMs <= windowMs);
  return recent.length < endsMin ? null : (nowMs - recent[0]!) / recent.length;
}
