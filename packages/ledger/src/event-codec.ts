/**
 * A commit's bytes: `{"format":1,"events":[{"eventId","schema","context","event"} ...]}`, UTF-8 JSON.
 *
 * Writing checks the exact text that is stored. Reading never throws for what it finds: an event of an unknown type, of a
 * newer schema or damaged goes into `unread` with its JSON, so that one bad or newer entry does not stop every reader.
 * Who must not go on without it (a decider) refuses at folding.
 */
import { z } from "zod";
import type { EventEnvelope, NewEvent, UnreadEvent } from "./envelope.ts";
import { LedgerFault } from "./faults.ts";
import type { StreamId } from "./event-log.ts";
import { contextSchema, eventSchemas, isEventType, kindOfEvent } from "./event-schemas.ts";
import type { EventType, LedgerEvent } from "./events.ts";
import { schemaVersionOf, upcast, upcasters, type Upcasters } from "./upcasters.ts";

export type ReadEvents = {
  readonly events: readonly EventEnvelope[];
  readonly unread?: readonly UnreadEvent[];
};

/** The server's `max_payload` is 8 MiB; headers need little. */
export const commitBytesMax = 8 * 1024 * 1024 - 4096;

/**
 * @throws TypeError when there is no event, one belongs to another kind of stream, or one is not of its stored shape: bugs.
 * @throws LedgerFault LEDGER_COMMIT_TOO_LARGE
 */
export function encodeCommit(stream: StreamId, events: readonly NewEvent[]): Uint8Array {
  if (events.length === 0) throw new TypeError("a commit holds at least one event");
  const entries = events.map((event) => storedEntry(stream, event));
  const bytes = toUtf8.encode(`{"format":1,"events":[${entries.join(",")}]}`);
  if (bytes.length <= commitBytesMax) return bytes;
  const message = `A commit to ${stream.kind} ${stream.id} has ${bytes.length} bytes, more than ${commitBytesMax}.`;
  throw new LedgerFault("LEDGER_COMMIT_TOO_LARGE", message);
}

const toUtf8 = new TextEncoder();

/** The text as it is stored, checked as it would be read. */
function storedEntry(stream: StreamId, { eventId, context, event }: NewEvent): string {
  if (kindOfEvent[event.type] !== stream.kind)
    throw new TypeError(`${event.type} does not belong into a ${stream.kind} stream`);
  const entry = { eventId, schema: schemaVersionOf(event.type), context, event };
  const text = JSON.stringify(entry);
  const checked = currentEntry(event.type).safeParse(JSON.parse(text));
  if (!checked.success) throw new TypeError(`${event.type} as it would be stored: ${checked.error.message}`);
  return text;
}

/** Each made once: zod compiles a schema at its first use, which costs more than all later ones. */
const currentEntries = new Map<EventType, z.ZodType>();

function currentEntry(type: EventType): z.ZodType {
  const known = currentEntries.get(type);
  if (known) return known;
  const entry = z.strictObject({
    eventId: z.uuid(),
    schema: z.int(),
    context: contextSchema,
    event: eventSchemas[type],
  });
  currentEntries.set(type, entry);
  return entry;
}

/** A commit that was read, as bytes again: for an engine that does not store one in one piece. */
export function encodeRead(read: ReadEvents): Uint8Array {
  const entries = inOrder(read).map((item) => ("why" in item ? item.json : JSON.stringify(item)));
  return toUtf8.encode(`{"format":1,"events":[${entries.join(",")}]}`);
}

/** The events as they were written, those that cannot be read at their places. */
export function inOrder({ events, unread = [] }: ReadEvents): readonly (EventEnvelope | UnreadEvent)[] {
  const all: (EventEnvelope | UnreadEvent)[] = [...events];
  for (const item of unread) all.splice(item.index, 0, item); // ascending: each finds those before it in place
  return all;
}

const entrySchema = z.object({
  eventId: z.uuid(),
  schema: z.int().positive(),
  context: contextSchema,
  event: z.looseObject({ type: z.string() }),
});

const utf8 = new TextDecoder();

/** The events of a commit's bytes in their order; `table` is the upcasters' table, passed in by tests alone. */
export function decodeCommit(bytes: Uint8Array, table: Upcasters = upcasters): ReadEvents {
  const text = utf8.decode(bytes);
  const entries = entriesIn(text);
  if (!entries) return { events: [], unread: [unreadable(0, "invalid", text)] };
  const events: EventEnvelope[] = [];
  const unread: UnreadEvent[] = [];
  for (const [index, stored] of entries.entries()) {
    const read = readCurrent(stored, table) ?? readEntry(stored, index, table);
    if ("why" in read) unread.push(read);
    else events.push(read);
  }
  return unread.length === 0 ? { events } : { events, unread };
}

/**
 * The events for a fold alone, as their writer checked them before they were stored. Undefined where one is not plainly of
 * today's shape: it is then to be read in full. What goes on from here to anybody else must be read by `decodeCommit`.
 */
export function readUnchecked(bytes: Uint8Array): readonly EventEnvelope[] | undefined {
  const entries = entriesIn(utf8.decode(bytes));
  return entries?.every(isOfToday) ? (entries as readonly EventEnvelope[]) : undefined;
}

function isOfToday(stored: unknown): boolean {
  const { schema, event, context } = (stored ?? {}) as Partial<Record<keyof EventEnvelope, unknown>>;
  const type = (event as { readonly type?: unknown } | undefined)?.type;
  return (
    typeof type === "string" && isEventType(type) && schema === schemaVersionOf(type) && isObject(context)
  );
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Undefined where the text is no commit: it is then kept as it is. */
function entriesIn(text: string): readonly unknown[] | undefined {
  try {
    const commit = JSON.parse(text) as { readonly format?: unknown; readonly events?: unknown } | null;
    return commit?.format === 1 && Array.isArray(commit.events) ? commit.events : undefined;
  } catch {
    return undefined;
  }
}

/** What nearly every entry is, in one check: of today's shape. Undefined: the long way says what it is. */
function readCurrent(stored: unknown, table: Upcasters): EventEnvelope | undefined {
  const { schema, event } = (stored ?? {}) as {
    readonly schema?: unknown;
    readonly event?: { type?: unknown };
  };
  const type = event?.type;
  if (typeof type !== "string" || !isEventType(type) || schema !== schemaVersionOf(type, table))
    return undefined;
  const checked = currentEntry(type).safeParse(stored);
  return checked.success ? (checked.data as EventEnvelope) : undefined;
}

function readEntry(stored: unknown, index: number, table: Upcasters): EventEnvelope | UnreadEvent {
  const asStored = (why: UnreadEvent["why"], type?: string, schema?: number) =>
    unreadable(index, why, JSON.stringify(stored), type, schema);
  const entry = entrySchema.safeParse(stored);
  if (!entry.success) return asStored("invalid");
  const { eventId, schema, context, event } = entry.data;
  const { type } = event;
  if (!isEventType(type)) return asStored("unknown-type", type, schema);
  if (schema > schemaVersionOf(type, table)) return asStored("newer-schema", type, schema);
  const current = eventSchemas[type].safeParse(upcast(type, schema, event, table));
  if (!current.success) return asStored("invalid", type, schema);
  return {
    eventId: eventId as EventEnvelope["eventId"],
    schema,
    context,
    event: current.data as LedgerEvent,
  };
}

const unreadable = (
  index: number,
  why: UnreadEvent["why"],
  json: string,
  type = "",
  schema = 0,
): UnreadEvent => ({ index, why, type, schema, json });
