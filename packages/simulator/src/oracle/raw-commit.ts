/** A commit as its bytes say, read without any of the code under test. */
import type { StoredEntry } from "../stream/replica-disk.ts";

export type RawEvent = { readonly type: string; readonly [field: string]: unknown };
export type RawCommit = {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly eventIds: readonly string[];
  readonly events: readonly RawEvent[];
};

type Stored = { readonly events: readonly { readonly eventId: string; readonly event: RawEvent }[] };

export function rawCommit({ seq, message }: StoredEntry): RawCommit | undefined {
  if (!message) return undefined;
  const [, kind = "", id = ""] = message.subject.split(".");
  const { events } = JSON.parse(new TextDecoder().decode(message.data)) as Stored;
  return {
    seq,
    kind,
    id,
    eventIds: events.map(({ eventId }) => eventId),
    events: events.map(({ event }) => event),
  };
}
