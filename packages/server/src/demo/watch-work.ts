/** Follows the ledger until everything that was sent is finished, or until there is no more progress. */
import type { Clock } from "@releve/domain/clock";
import type { Commit, EventLog } from "@releve/ledger/event-log";
import { followIndex, type EventIndex } from "@releve/ledger/views/event-index";
import { unfinished, type Wanted } from "./unfinished.ts";

export type Watch = {
  readonly index: EventIndex;
  /** Resolves with what is still open: nothing when all is done. */
  readonly finished: (want: Wanted) => Promise<readonly string[]>;
  readonly stop: () => void;
};

/** Without any event for this long nothing more will happen: a job of the default size takes seconds. */
const quietMs = 120_000;

export async function watchWork(
  log: EventLog,
  clock: Clock,
  onCommit: (commit: Commit) => void,
): Promise<Watch> {
  let changed = new AbortController();
  const { index, following, stop } = await followIndex(log, (commit) => {
    onCommit(commit);
    changed.abort();
  });
  following.catch(() => changed.abort()); // the wait below then sees no progress and ends
  const finished: Watch["finished"] = async (want) => {
    for (let seen = -1; seen < index.all.length;) {
      changed = new AbortController();
      seen = index.all.length;
      if (unfinished(index, want).length === 0) break;
      await clock.wait(quietMs, changed.signal);
    }
    return unfinished(index, want);
  };
  return { index, finished, stop };
}
