/**
 * No completion with a stale token, checked on the raw log alone: the commit before a completion in its stream is the claim
 * that the completion's token names, by version and epoch, of the same node.
 */
import type { Commit } from "@releve/ledger/event-log";
import type { JobEvent } from "@releve/ledger/events/job";
import { jobCommits } from "./job-commits.ts";
import type { Invariant } from "./run-evidence.ts";

export const noStaleCompletion: Invariant = ({ commits }) =>
  jobCommits(commits).flatMap(([job, history]) =>
    history.flatMap((commit, index) => staleIn(job, commit, history[index - 1])),
  );

function staleIn(job: string, commit: Commit, before: Commit | undefined): string[] {
  const completion = eventOf(commit, "JobCompleted");
  if (!completion) return [];
  const claim = before && eventOf(before, "JobClaimed");
  const { token, node } = completion;
  const held =
    claim !== undefined &&
    before!.version === token.version &&
    claim.epoch === token.epoch &&
    claim.node === node;
  return held
    ? []
    : [
        `job ${job} was completed by ${node} with token ${token.epoch}/${token.version}, which was not the last claim`,
      ];
}

function eventOf<Type extends JobEvent["type"]>({ events }: Commit, type: Type) {
  const found = events.find(({ event }) => event.type === type);
  return found?.event as Extract<JobEvent, { type: Type }> | undefined;
}
