/**
 * Keeps the index up with the journal, from its checkpoint on: after a crash, after a rebuild, and live. A full disk stops it
 * only for as long as it is full.
 */
import { setTimeout as wait } from "node:timers/promises";
import { StoreFault } from "./faults.ts";
import type { IntakeJournal } from "./intake-journal.ts";
import type { JournalEntry, JournalRecord, Sequence } from "./journal-entry.ts";
import type { IndexedAttributes, ObjectIndex } from "./object-index.ts";

export type IndexFollower = {
  /** Resolves when the index holds the record. @throws what stopped the follower. */
  readonly reached: (sequence: Sequence) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * @param describe reads the query attributes of an entry's object; it answers `{}` for one that cannot be read, because an
 *   unreadable object must not keep all later ones out of the index.
 */
export function followJournal(
  journal: IntakeJournal,
  index: ObjectIndex,
  describe: (entry: JournalEntry) => Promise<IndexedAttributes>,
): IndexFollower {
  const subscription = journal.subscribe(index.checkpoint());
  const stopping = new AbortController();
  const waiting: { readonly sequence: Sequence; readonly settle: (failure?: unknown) => void }[] = [];
  let ended: { readonly failure: unknown } | undefined;

  const settleUpTo = (sequence: number) => {
    while (waiting.length > 0 && waiting[0]!.sequence <= sequence) waiting.shift()!.settle();
  };
  const follow = async () => {
    for await (const record of subscription) {
      await applyOnceThereIsRoom(index, record, await describe(record.entry), stopping.signal);
      if (!stopping.signal.aborted) settleUpTo(record.sequence);
    }
  };
  const end = (failure: unknown) => {
    ended = { failure };
    for (const waiter of waiting.splice(0)) waiter.settle(failure);
  };
  const following = follow().then(() => end(new Error("the index follower was stopped")), end);

  return {
    reached: (sequence) =>
      new Promise((resolve, reject) => {
        if (sequence <= (index.checkpoint() ?? 0)) return resolve();
        if (ended) return reject(ended.failure);
        const settle = (failure?: unknown) => (failure === undefined ? resolve() : reject(failure));
        const at = waiting.findLastIndex((waiter) => waiter.sequence <= sequence);
        waiting.splice(at + 1, 0, { sequence, settle });
      }),
    stop: async () => {
      stopping.abort();
      subscription.stop();
      await following;
    },
  };
}

const fullPauseMs = 1_000;

/** Whoever waits for the record is told by its own time limit. */
async function applyOnceThereIsRoom(
  index: ObjectIndex,
  record: JournalRecord,
  attributes: IndexedAttributes,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return index.apply(record, attributes);
    } catch (error) {
      if (!isFull(error)) throw error;
      await wait(fullPauseMs, undefined, { signal }).catch(() => {}); // stopped: the loop ends
    }
  }
}

const isFull = (error: unknown): boolean => error instanceof StoreFault && error.code === "STORE_FULL";
