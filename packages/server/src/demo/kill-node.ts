/** Kills the node that holds a job, in the middle of it, once: what a power failure of that machine does. */
import type { Clock } from "@releve/domain/clock";
import type { Commit } from "@releve/ledger/event-log";

export type Killed = { readonly node: string; readonly job: string; readonly atMs: number };

export type NodeKiller = {
  readonly onCommit: (commit: Commit) => void;
  /** Fine progress from the heartbeats, 0 to 1, by job. */
  readonly onProgress: (node: string, progress: Readonly<Record<string, number>>) => void;
  readonly killed: () => Killed | undefined;
};

/** A beat comes every 250 ms; a job that is done before its first one is killed by its claim instead. */
const byProgress = { from: 0.05, to: 0.8 };
const claimsToWaitFor = 2;

export function nodeKiller(clock: Clock, kill: (node: string) => void): NodeKiller {
  let killed: Killed | undefined;
  let claims = 0;
  const strike = (node: string, job: string) => {
    if (killed) return;
    killed = { node, job, atMs: clock.nowMs() };
    kill(node);
  };
  return {
    onCommit: (commit) => {
      for (const { event } of commit.events) {
        if (event.type !== "JobClaimed") continue;
        claims += 1;
        if (claims >= claimsToWaitFor) strike(event.node, event.job);
      }
    },
    onProgress: (node, progress) => {
      const job = Object.keys(progress).find(
        (id) => progress[id]! >= byProgress.from && progress[id]! <= byProgress.to,
      );
      if (job !== undefined) strike(node, job);
    },
    killed: () => killed,
  };
}
