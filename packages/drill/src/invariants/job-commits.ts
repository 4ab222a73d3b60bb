/** The raw log by job, in the ledger's order: what the invariants on jobs read, without any decider. */
import type { Commit } from "@releve/ledger/event-log";

export function jobCommits(commits: readonly Commit[]): [job: string, history: readonly Commit[]][] {
  const byJob = new Map<string, Commit[]>();
  for (const commit of commits) {
    if (commit.stream.kind !== "job") continue;
    const history = byJob.get(commit.stream.id) ?? [];
    byJob.set(commit.stream.id, history);
    history.push(commit);
  }
  return [...byJob];
}
