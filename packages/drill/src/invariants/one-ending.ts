/** Every job ends in exactly one effective terminal event, read from the raw log without the deciders. */
import type { Commit } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events/job";
import { jobCommits } from "./job-commits.ts";
import type { Invariant } from "./run-evidence.ts";

export const everyJobEndsOnce: Invariant = ({ commits, unfinished }) => [
  ...unfinished,
  ...jobCommits(commits)
    .filter(([, history]) => history.some(isRequest))
    .flatMap(([job, history]) => endingsOf(job, history)),
];

/** A stream that only newer code can read is no job to us. */
const isRequest = ({ events }: Commit): boolean => events.some(({ event }) => event.type === "JobRequested");

const endings: ReadonlySet<JobEvent["type"]> = new Set(["JobCompleted", "JobDeadLettered", "JobCancelled"]);

/** A retry by a person takes an ending back; of two completions, the superseded one does not count. */
function endingsOf(job: string, history: readonly Commit[]): string[] {
  let effective: string[] = [];
  let after: string | undefined;
  for (const { event } of history.flatMap(({ events }) => events)) {
    const { type } = event as JobEvent;
    if (endings.has(type)) effective.push(type);
    else if (type === "JobRetried") effective = [];
    else if (type !== "JobSuperseded" && effective.length > 0) after ??= type;
  }
  if (effective.length === 0) return [`job ${job} did not end`];
  if (effective.length > 1) return [`job ${job} ended ${effective.length} times: ${effective.join(", ")}`];
  return after === undefined ? [] : [`job ${job} went on with ${after} after it had ended`];
}
