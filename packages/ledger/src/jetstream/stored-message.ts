/** A message of the ledger's stream as a commit. The stream's sequence is both the version and the position. */
import { decodeCommit } from "../event-codec.ts";
import type { Commit, Position, Version } from "../event-log.ts";
import { streamOfSubject } from "../streams.ts";

export type StoredMessage = {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
};

/** Undefined for a message under a subject that names no stream: nothing of ours wrote it, so no reader gets it. */
export function commitOf({ subject, seq, data }: StoredMessage): Commit | undefined {
  const stream = streamOfSubject(subject);
  if (!stream) return undefined;
  return { stream, version: seq as Version, position: seq as Position, ...decodeCommit(data), stored: data };
}
