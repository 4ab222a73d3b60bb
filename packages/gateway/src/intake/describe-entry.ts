/** Gives the index the query attributes of an object: those just parsed, else read again from the store. */
import { DicomFault } from "@releve/dicom/faults";
import { readHeader } from "@releve/dicom/data-set/parse-dicom";
import { StoreFault } from "@releve/store/faults";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { IndexedAttributes } from "@releve/store/object-index";
import type { ObjectStore } from "@releve/store/object-store";
import { indexedAttributes } from "./indexed-attributes.ts";

export type EntryDescriber = {
  readonly remember: (digest: JournalEntry["digest"], attributes: IndexedAttributes) => void;
  readonly describe: (entry: JournalEntry) => Promise<IndexedAttributes>;
};

/** The index is never this far behind the intake, except after a restart, when it reads the store anyway. */
const mostRemembered = 1000;
/** Enough for every attribute before the pixels of all but the largest multi-frame headers. */
const headerBytes = 8 * 1024 * 1024;

/** @param onUnreadable hears of an entry whose object cannot be read; the index then knows its UIDs only. */
export function entryDescriber(
  store: ObjectStore,
  onUnreadable: (entry: JournalEntry, cause: unknown) => void,
): EntryDescriber {
  const remembered = new Map<string, IndexedAttributes>();
  return {
    remember: (digest, attributes) => {
      if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value!);
      remembered.set(digest, attributes);
    },
    describe: async (entry) => {
      const known = remembered.get(entry.digest);
      remembered.delete(entry.digest);
      if (known) return known;
      try {
        const bytes = await store.readRange(entry.digest, { start: 0, end: headerBytes });
        return indexedAttributes(readHeader(bytes).attributes);
      } catch (cause) {
        if (!(cause instanceof StoreFault) && !(cause instanceof DicomFault)) throw cause;
        onUnreadable(entry, cause);
        return {};
      }
    },
  };
}
