/** Keeps the index up with the journal, from its checkpoint on: after a crash, after a rebuild, and live. */
import type { IntakeJournal } from "./intake-journal.ts";
import type { JournalEntry, Sequence } from "./journal-entry.ts";
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
  const waiting: { readonly sequence: Sequence; readonly settle: (failure?: unknown) => void }[] = [];
  let ended: { readonly failure: unknown } | undefined;

  const settleUpTo = (sequence: number) => {
    while (waiting.length > 0 && waiting[0]!.sequence <= sequence) waiting.shift()!.settle();
  };
  const follow = async () => {
    for await (const record of subscription) {
      index.apply(record, await describe(record.entry));
      settleUpTo(record.sequence);
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
      subscription.stop();
      await following;
    },
  };
}
