/**
 * One record on disk, little endian: payload length (u32), CRC-32 of what follows (u32), sequence (u64), payload (JSON).
 * A record is there when its CRC is right, and not there otherwise.
 */
import { crc32 } from "node:zlib";
import { journalEntrySchema, type JournalEntry, type JournalRecord, type Sequence } from "./journal-entry.ts";

const headerBytes = 16;
export const maxPayloadBytes = 64 * 1024;

/** @throws RangeError for an entry longer than `maxPayloadBytes`: its texts are limited long before it gets here. */
export function encodePayload(entry: JournalEntry): Buffer {
  const payload = Buffer.from(JSON.stringify(entry), "utf8");
  if (payload.length > maxPayloadBytes) throw new RangeError("a journal entry is longer than its limit");
  return payload;
}

export function encodeFrame(sequence: Sequence, payload: Buffer): Buffer {
  const frame = Buffer.alloc(headerBytes + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeBigUInt64LE(BigInt(sequence), 8);
  payload.copy(frame, headerBytes);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

export type DecodedFrames = {
  readonly records: readonly JournalRecord[];
  /** Where the first byte lies that is no complete record: the end of the bytes when all is well. */
  readonly goodBytes: number;
};

export function decodeFrames(bytes: Buffer): DecodedFrames {
  const records: JournalRecord[] = [];
  let at = 0;
  for (;;) {
    const frame = frameAt(bytes, at);
    if (!frame) return { records, goodBytes: at };
    records.push(frame.record);
    at = frame.end;
  }
}

function frameAt(bytes: Buffer, at: number): { record: JournalRecord; end: number } | undefined {
  if (at + headerBytes > bytes.length) return undefined;
  const length = bytes.readUInt32LE(at);
  const end = at + headerBytes + length;
  if (length === 0 || length > maxPayloadBytes || end > bytes.length) return undefined;
  if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return undefined;
  const sequence = Number(bytes.readBigUInt64LE(at + 8)) as Sequence;
  const entry = journalEntrySchema.parse(JSON.parse(bytes.toString("utf8", at + headerBytes, end)));
  return { record: { sequence, entry }, end };
}
