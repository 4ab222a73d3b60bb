/** A message of the ledger's stream as a commit. The stream's sequence is both the version and the position. */
import type { EventEnvelope, UnreadEvent } from "../envelope.ts";
import { decodeCommit, type ReadEvents } from "../event-codec.ts";
import type { Commit, Position, StreamId, Version } from "../event-log.ts";
import { streamOfSubject } from "../streams.ts";

export type StoredMessage = {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
};

/** Undefined for a message under a subject that names no stream: nothing of ours wrote it, so no reader gets it. */
export function commitOf({ subject, seq, data }: StoredMessage): Commit | undefined {
  const stream = streamOfSubject(subject);
  return stream && (new LazyCommit(stream, seq, data) as Commit); // its `unread` may be undefined, which is as good as absent
}

/** Its events are checked when somebody first looks at them: a read model that replays a long history does not. */
class LazyCommit {
  readonly stream: StreamId;
  readonly version: Version;
  readonly position: Position;
  readonly stored: Uint8Array;
  #read: ReadEvents | undefined;

  constructor(stream: StreamId, seq: number, stored: Uint8Array) {
    this.stream = stream;
    this.version = seq as Version;
    this.position = seq as Position;
    this.stored = stored;
  }

  get events(): readonly EventEnvelope[] {
    return this.#decoded().events;
  }

  get unread(): readonly UnreadEvent[] | undefined {
    return this.#decoded().unread;
  }

  #decoded(): ReadEvents {
    return (this.#read ??= decodeCommit(this.stored));
  }
}
