/**
 * The fsynced intake journal: what was accepted, in order, never rewritten. Many appends share one write and one fdatasync
 * (group commit); an append resolves only after it. The ledger, the index and the study flow all learn of images here.
 */
import { EventEmitter, once } from "node:events";
import { noFailpoint, type FailpointPort, type StoreFailpoint } from "./failpoint.ts";
import { diskFault, StoreFault } from "./faults.ts";
import { lockFolder } from "./folder-lock.ts";
import { groupCommit } from "./group-commit.ts";
import type { JournalEntry, JournalRecord, Sequence } from "./journal-entry.ts";
import { encodeFrame, encodePayload } from "./journal-frame.ts";
import { cursorAt, readPiece } from "./journal-reader.ts";
import { maxBatchBytes, type CutTail } from "./journal-segments.ts";
import { openJournalWriter, type JournalWriter } from "./journal-writer.ts";
import { makeSyncedFolder } from "./synced-folder.ts";

/** Live records after those already there, until stopped. */
export type JournalSubscription = AsyncIterable<JournalRecord> & { readonly stop: () => void };

export type IntakeJournal = {
  /**
   * Resolves after the entry is on disk. @throws StoreFault `STORE_FULL` (this entry is not there), `JOURNAL_BUSY` (too many
   * wait), `JOURNAL_FAILED` (a sync failed: nobody knows what is on disk; open the journal again).
   */
  readonly append: (entry: JournalEntry) => Promise<{ readonly sequence: Sequence }>;
  /** Of the last record on disk; undefined when there is none. */
  readonly last: () => Sequence | undefined;
  /** Every record from `sequence` on (or from the beginning), up to the last that is on disk when it is read. */
  readonly readFrom: (sequence?: Sequence) => AsyncIterable<JournalRecord>;
  /** Every record after `after` (or from the beginning), then live ones, without gap or repetition. */
  readonly subscribe: (after?: Sequence) => JournalSubscription;
  /** What a crash had torn and the opening cut; never an entry that `append` resolved for. */
  readonly cut: CutTail | undefined;
  readonly close: () => Promise<void>;
};

export type IntakeJournalOptions = {
  readonly dir: string;
  /** A segment is sealed when it has grown past this. */
  readonly maxSegmentBytes?: number;
  readonly failpoint?: FailpointPort<StoreFailpoint>;
};

const maxWaiting = 10_000;

type Waiter = {
  readonly payload: Buffer;
  readonly resolve: (done: { sequence: Sequence }) => void;
  readonly reject: (reason: unknown) => void;
};

/** @throws StoreFault `STORE_LOCKED` when another process has it open, `JOURNAL_DAMAGED`, `STORE_FAILED`. */
export async function openIntakeJournal(options: IntakeJournalOptions): Promise<IntakeJournal> {
  const { dir, maxSegmentBytes = 16 * 1024 * 1024, failpoint = noFailpoint } = options;
  await makeSyncedFolder(dir);
  const unlock = lockFolder(dir);
  try {
    const writer = await openJournalWriter(dir, maxSegmentBytes, failpoint);
    return journalOver(writer, unlock);
  } catch (error) {
    unlock();
    throw diskFault(error, "opening the intake journal");
  }
}

function journalOver(writer: JournalWriter, unlock: () => void): IntakeJournal {
  const batches = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();
  let waiting: Waiter[] = [];

  const drain = groupCommit(async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await writeBatch(writer, batch, (rest) => (waiting = [...rest, ...waiting]));
      batches.emit("written");
    }
  });

  /** Settles at the next batch or at the end; made before the reading, so that no batch falls between. */
  const nextBatch = (ended: AbortSignal): Promise<unknown> =>
    once(batches, "written", { signal: ended }).catch(() => undefined);

  const readFrom = async function* (from = 0 as Sequence): AsyncIterable<JournalRecord> {
    let cursor = cursorAt(writer, from);
    for (let piece = await readPiece(writer, cursor); piece; piece = await readPiece(writer, cursor)) {
      cursor = piece.cursor;
      for (const record of piece.records) if (record.sequence >= from) yield record;
    }
  };

  const subscribe = (after = 0 as Sequence): JournalSubscription => {
    const stopping = new AbortController();
    const ended = AbortSignal.any([stopping.signal, closing.signal]);
    const records = async function* () {
      let cursor = cursorAt(writer, (after + 1) as Sequence);
      while (!ended.aborted) {
        const changed = nextBatch(ended);
        const piece = await readPiece(writer, cursor);
        cursor = piece?.cursor ?? cursor;
        for (const record of piece?.records ?? []) {
          if (ended.aborted) return;
          if (record.sequence > after) yield record;
        }
        if (!piece) await changed;
      }
    };
    return { [Symbol.asyncIterator]: records, stop: () => stopping.abort() };
  };

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        if (closing.signal.aborted)
          return reject(new StoreFault("JOURNAL_FAILED", "the intake journal is closed"));
        if (waiting.length >= maxWaiting)
          return reject(new StoreFault("JOURNAL_BUSY", "too many appends wait"));
        waiting.push({ payload: encodePayload(entry), resolve, reject });
        drain().catch(() => {}); // writeBatch has told every waiter
      }),
    last: () => (writer.next() > 1 ? ((writer.next() - 1) as Sequence) : undefined),
    readFrom,
    subscribe,
    cut: writer.cut,
    close: async () => {
      closing.abort();
      await drain();
      await writer.close();
      unlock();
    },
  };
}

/** Writes as many as one batch takes; gives the rest back. Tells each waiter what became of its entry. */
async function writeBatch(
  writer: JournalWriter,
  waiters: readonly Waiter[],
  giveBack: (rest: readonly Waiter[]) => void,
): Promise<void> {
  const frames: Buffer[] = [];
  let bytes = 0;
  const first = writer.next();
  for (const waiter of waiters) {
    const frame = encodeFrame((first + frames.length) as Sequence, waiter.payload);
    if (bytes + frame.length > maxBatchBytes) break;
    bytes += frame.length;
    frames.push(frame);
  }
  const taken = waiters.slice(0, frames.length);
  giveBack(waiters.slice(frames.length));
  try {
    await writer.write(frames);
    taken.forEach((waiter, index) => waiter.resolve({ sequence: (first + index) as Sequence }));
  } catch (error) {
    const fault = diskFault(error, "writing the intake journal");
    for (const waiter of taken) waiter.reject(fault);
  }
}
