/** Reads the journal by pieces, never past what is synced, also while it grows and is sealed under the reader. */
import { open } from "node:fs/promises";
import type { JournalRecord, Sequence } from "./journal-entry.ts";
import { decodeFrames, maxPayloadBytes } from "./journal-frame.ts";
import { journalDamaged, type Segment } from "./journal-segments.ts";
import type { JournalWriter } from "./journal-writer.ts";

const pieceBytes = 1024 * 1024 + maxPayloadBytes;

export type JournalCursor = { readonly segment: Segment; readonly offset: number };
type Piece = { readonly records: readonly JournalRecord[]; readonly cursor: JournalCursor };

/** The start of the segment that holds `sequence`, or would. */
export function cursorAt(writer: JournalWriter, sequence: Sequence): JournalCursor {
  const segments = writer.segments();
  return { segment: segments.findLast((one) => one.first <= sequence) ?? segments[0]!, offset: 0 };
}

/** The next piece, or undefined at the end. @throws StoreFault `JOURNAL_DAMAGED` when a synced record cannot be read. */
export async function readPiece(writer: JournalWriter, cursor: JournalCursor): Promise<Piece | undefined> {
  const { segment, offset } = cursor;
  const next = writer.segments().find((one) => one.first > segment.first);
  const committed = next ? undefined : writer.goodBytes();
  await using file = await open(segment.path, "r");
  const end = committed ?? (await file.stat()).size;
  if (offset >= end) return next && { records: [], cursor: { segment: next, offset: 0 } };
  const bytes = Buffer.allocUnsafe(Math.min(end - offset, pieceBytes));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  const { records, goodBytes } = decodeFrames(bytes.subarray(0, bytesRead));
  if (goodBytes === 0) throw journalDamaged(segment, offset);
  return { records, cursor: { segment, offset: offset + goodBytes } };
}
