/**
 * What happens in the ledger, told once and in its order, by whichever follower hears first: so that a site that is down
 * does not blind the drill. Arrival times are by the drill's own clock, because a drill may shift those of the others.
 */
import type { Clock } from "@releve/domain/clock";
import type { Commit, Position } from "@releve/ledger/event-log";
import { newEventIndex, type EventIndex } from "@releve/ledger/views/event-index";

export type Arrival = { readonly atMs: number; readonly commit: Commit };

export type LedgerWatch = {
  /** For the followers: each gives its commits in the ledger's order. */
  readonly take: (commit: Commit) => void;
  /** Forgets what came before: a run looks at its own part alone. */
  readonly begin: () => void;
  readonly index: () => EventIndex;
  readonly arrivals: () => readonly Arrival[];
  /** Resolves with true once `holds` does, looked at after each commit; with false after `limitMs`. */
  readonly until: (holds: () => boolean, limitMs: number) => Promise<boolean>;
};

export function ledgerWatch(clock: Clock): LedgerWatch {
  let last: Position | undefined;
  let index = newEventIndex();
  let arrivals: Arrival[] = [];
  let changed = new AbortController();
  return {
    take: (commit) => {
      if (last !== undefined && commit.position <= last) return;
      last = commit.position;
      index.apply(commit);
      arrivals.push({ atMs: clock.nowMs(), commit });
      changed.abort();
    },
    begin: () => {
      index = newEventIndex();
      arrivals = [];
    },
    index: () => index,
    arrivals: () => arrivals,
    until: async (holds, limitMs) => {
      const untilMs = clock.nowMs() + limitMs;
      for (;;) {
        changed = new AbortController();
        if (holds()) return true;
        const leftMs = untilMs - clock.nowMs();
        if (leftMs <= 0) return false;
        await clock.wait(leftMs, changed.signal);
      }
    },
  };
}
