/** A commit as its bytes say, read without any of the code under test. */
import type { StoredEntry } from "../stream/replica-disk.ts";

export type RawEvent = { readonly type: string; readonly [field: string]: unknown };
export type RawCommit = {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  /** The process that wrote it, by its own word. */
  readonly actor: string;
  readonly eventIds: readonly string[];
  readonly events: readonly RawEvent[];
};

type StoredEvent = {
  readonly eventId: string;
  readonly context: { readonly actor: string };
  readonly event: RawEvent;
};
type Stored = { readonly events: readonly StoredEvent[] };

export function rawCommit({ seq, message }: StoredEntry): RawCommit | undefined {
  if (!message) return undefined;
  const [, kind = "", id = ""] = message.subject.split(".");
  const { events } = JSON.parse(new TextDecoder().decode(message.data)) as Stored;
  return {
    seq,
    kind,
    id,
    actor: events[0]!.context.actor,
    eventIds: events.map(({ eventId }) => eventId),
    events: events.map(({ event }) => event),
  };
}
