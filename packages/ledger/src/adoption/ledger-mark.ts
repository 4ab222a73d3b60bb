/**
 * The newest commit that this process knows of, kept in a small file beside its other data. A ledger that came back from an
 * older backup no longer has that commit: the mark is what tells, after every restart of everything.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "@releve/domain/clock";
import { isUuid, type Uuid } from "@releve/domain/ids";
import { z } from "zod";
import type { Position } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";

export type LedgerMark = {
  readonly epoch: number;
  readonly position: Position;
  /** Of the commit's first event. */
  readonly eventId: Uuid;
};

export type MarkKeeper = {
  readonly newest: () => LedgerMark | undefined;
  /**
   * Kept when it is newer. The first after a pause is written at once, then at most one a second: a mark on disk lags by a
   * second at most, which is weaker, never wrong. Were the first to wait too, a process killed within that second would take
   * the backup of before its start for the ledger that it knows.
   */
  readonly saw: (mark: LedgerMark) => void;
  /** Forgets what was known and starts from this: the ledger was adopted. */
  readonly startFrom: (mark: LedgerMark | undefined) => void;
  /** Writes what is not on disk yet. @throws Error when the file cannot be written. */
  readonly close: () => Promise<void>;
};

const markSchema = z.strictObject({
  epoch: z.int().positive(),
  position: z.int().positive(),
  eventId: z.string().refine(isUuid),
});

/** @returns undefined where there is none. @throws LedgerFault LEDGER_MARK_DAMAGED. */
export async function readMark(file: string): Promise<LedgerMark | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return markSchema.parse(JSON.parse(text)) as LedgerMark;
  } catch (error) {
    const message = `${file} does not say which event was the newest; remove it when you are sure of the ledger.`;
    throw new LedgerFault("LEDGER_MARK_DAMAGED", message, error);
  }
}

const writeEveryMs = 1_000;

/** @param file undefined: known in memory only, for as long as the process lives. */
export async function openMark(file: string | undefined, clock: Clock): Promise<MarkKeeper> {
  let newest = file === undefined ? undefined : await readMark(file);
  let written = newest;
  const closing = new AbortController();
  let waiting: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    if (file === undefined || newest === undefined || newest === written) return;
    const mark = newest;
    await writeMark(file, mark);
    written = mark;
  };

  const writeAndPause = async (): Promise<void> => {
    await write().catch(() => {}); // a full disk: tried again after the pause, and told at close
    await clock.wait(writeEveryMs, closing.signal).catch(() => {});
  };

  const soon = (): void => {
    const isKept = newest === undefined || newest === written;
    if (file === undefined || isKept || closing.signal.aborted) return;
    waiting ??= writeAndPause().finally(() => {
      waiting = undefined;
      soon();
    });
  };

  return {
    newest: () => newest,
    saw: (mark) => {
      if (newest !== undefined && mark.position <= newest.position) return;
      newest = mark;
      soon();
    },
    startFrom: (mark) => {
      newest = mark;
      soon();
    },
    close: async () => {
      closing.abort();
      await waiting;
      await write();
    },
  };
}

/** Whole or not there, also after a power cut. */
async function writeMark(file: string, mark: LedgerMark): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  {
    await using handle = await open(`${file}.new`, "w");
    await handle.writeFile(JSON.stringify(mark));
    await handle.sync();
  }
  await rename(`${file}.new`, file);
}
