/** A message of the ledger's stream as a commit. The stream's sequence is both the version and the position. */
import { decodeCommit, type ReadEvents } from "../event-codec.ts";
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
  return lazyCommit({ stream, version: seq as Version, position: seq as Position, stored: data });
}

/** Its events are checked when somebody first looks at them: a read model that replays a long history does not. */
function lazyCommit(
  place: Pick<Commit, "stream" | "version" | "position"> & { readonly stored: Uint8Array },
): Commit {
  let read: ReadEvents | undefined;
  const decoded = (): ReadEvents => (read ??= decodeCommit(place.stored));
  return {
    ...place,
    get events() {
      return decoded().events;
    },
    get unread() {
      return decoded().unread;
    },
  } as Commit;
}
