/**
 * The journal's files: `<first sequence, 16 digits>.journal`. All but the last are sealed. A tail that a crash tore is cut
 * off the last one and kept beside it; damage anywhere else stops the opening, because accepted objects would be missing.
 */
import { open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StoreFault } from "./faults.ts";
import { decodeFrames } from "./journal-frame.ts";
import { syncFolder } from "./synced-folder.ts";

export type Segment = { readonly first: number; readonly path: string };
export type CutTail = { readonly segment: string; readonly offset: number; readonly bytes: number };

const suffix = ".journal";

/** One batch is written at once and nothing is written before it is synced: a torn tail is never longer. */
export const maxBatchBytes = 1024 * 1024;

export function segmentAt(dir: string, first: number): Segment {
  return { first, path: join(dir, `${String(first).padStart(16, "0")}${suffix}`) };
}

export async function listSegments(dir: string): Promise<Segment[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(suffix)).toSorted();
  return names.map((name) => ({ first: Number(name.slice(0, -suffix.length)), path: join(dir, name) }));
}

export type LastSegment = {
  readonly goodBytes: number;
  readonly next: number;
  readonly cut: CutTail | undefined;
};

/** Checks the last segment and cuts its torn tail. @throws StoreFault `JOURNAL_DAMAGED` when more than a tail is bad. */
export async function recoverLast(dir: string, segment: Segment): Promise<LastSegment> {
  const bytes = await readFile(segment.path);
  const { records, goodBytes } = decodeFrames(bytes);
  if (records.length > 0 && records[0]!.sequence !== segment.first) throw journalDamaged(segment, 0);
  const next = (records.at(-1)?.sequence ?? segment.first - 1) + 1;
  const tail = bytes.subarray(goodBytes);
  if (tail.length === 0) return { goodBytes, next, cut: undefined };
  if (tail.length > maxBatchBytes) throw journalDamaged(segment, goodBytes);
  await writeFile(`${segment.path}.cut-${goodBytes}-${Date.now()}`, tail, { flush: true });
  await truncate(segment.path, goodBytes);
  await using file = await open(segment.path, "r+");
  await file.sync();
  await syncFolder(dir);
  return { goodBytes, next, cut: { segment: segment.path, offset: goodBytes, bytes: tail.length } };
}

export function journalDamaged(segment: Segment, offset: number): StoreFault {
  return new StoreFault("JOURNAL_DAMAGED", `the intake journal ${segment.path} is damaged at byte ${offset}`);
}
