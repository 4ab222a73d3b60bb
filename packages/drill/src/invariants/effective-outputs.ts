/** The outputs that count: those of completions that no other superseded. */
import type { Commit } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events/job";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { StudyId } from "@releve/domain/ids";
import { jobCommits } from "./job-commits.ts";

export type JobOutputs = {
  readonly job: string;
  readonly study: StudyId;
  readonly outputs: readonly StoredObject[];
};

export function effectiveOutputs(commits: readonly Commit[]): JobOutputs[] {
  return jobCommits(commits).flatMap(([job, history]) => {
    const events = history.flatMap((commit) => commit.events.map(({ event }) => event as JobEvent));
    const request = events.find((event) => event.type === "JobRequested");
    const completion = events.findLast((event) => event.type === "JobCompleted");
    const superseded = events.at(-1)?.type === "JobSuperseded";
    if (!request || !completion || superseded) return [];
    return [{ job, study: request.study, outputs: completion.outputs }];
  });
}
