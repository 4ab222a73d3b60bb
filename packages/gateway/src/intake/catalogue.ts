/**
 * What is there, as of now: the index, asked only once it holds every record that the journal holds. So two arrivals under
 * one SOP Instance UID see each other, and whoever stored an object finds it by the next query.
 */
import { StoreFault } from "@releve/store/faults";
import { followJournal } from "@releve/store/index-follower";
import type { IntakeJournal } from "@releve/store/intake-journal";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { IndexedAttributes, ObjectIndex } from "@releve/store/object-index";

export type Catalogue = {
  /** @throws StoreFault `JOURNAL_BUSY` while the index is being built and does not get there in time. */
  readonly current: () => Promise<ObjectIndex>;
  readonly close: () => Promise<void>;
};

export function openCatalogue(
  journal: IntakeJournal,
  index: ObjectIndex,
  describe: (entry: JournalEntry) => Promise<IndexedAttributes>,
  waitMs = 10_000,
): Catalogue {
  const follower = followJournal(journal, index, describe);
  return {
    current: async () => {
      const last = journal.last();
      if (last !== undefined) await within(waitMs, follower.reached(last));
      return index;
    },
    close: async () => {
      await follower.stop();
      index.close();
    },
  };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fault = new StoreFault("JOURNAL_BUSY", "the index of objects is being built");
    timer = setTimeout(() => reject(fault), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
