/**
 * How the ledger lies in EventStoreDB, for people who read it there too: one stream an aggregate, `ledger-<kind>-<uuid>`; one
 * event an event, under its own id and type, its facts as data. The metadata holds the envelope and says which commit it
 * belongs to: `{commit, index, count, schema, context}`; `$correlationId` and `$causationId` are EventStoreDB's own names.
 */
import { jsonEvent, type JSONEventData, type JSONRecordedEvent } from "@eventstore/db-client";
import { isUuid } from "@releve/domain/ids";
import { z } from "zod";
import { decodeCommit, encodeCommit } from "../event-codec.ts";
import type { NewEvent } from "../envelope.ts";
import { streamKinds, type Commit, type StreamId, type Version } from "../event-log.ts";
import { schemaVersionOf } from "../upcasters.ts";
import { positionOf } from "./log-position.ts";

export const streamNameOf = (prefix: string, { kind, id }: StreamId): string => `${prefix}${kind}-${id}`;

/** The stream that a name stands for; undefined for the server's own streams and everybody else's. */
export function streamOfName(prefix: string, name: string): StreamId | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [, kindName, id = ""] = /^([a-z]+)-(.+)$/.exec(name.slice(prefix.length)) ?? [];
  const kind = streamKinds.find((known) => known === kindName);
  return kind && isUuid(id) ? { kind, id } : undefined;
}

/** Which part of which commit an event is. */
export type Part = { readonly commit: string; readonly index: number; readonly count: number };

const partSchema = z.object({
  commit: z.string(),
  index: z.int().nonnegative(),
  count: z.int().positive(),
});

/**
 * The events of one append. @throws TypeError, LedgerFault as `encodeCommit`, whose checks of the stored shape apply here too.
 */
export function proposedEvents(stream: StreamId, events: readonly NewEvent[]): JSONEventData[] {
  encodeCommit(stream, events);
  const commit = events[0]!.eventId;
  return events.map(({ eventId, context, event }, index) => {
    const { correlation, cause } = context;
    const metadata = {
      commit,
      index,
      count: events.length,
      schema: schemaVersionOf(event.type),
      context,
      ...(correlation === undefined ? {} : { $correlationId: correlation }),
      ...(cause === undefined ? {} : { $causationId: cause }),
    };
    return jsonEvent({ id: eventId, type: event.type, data: event, metadata });
  });
}

/** An event that somebody else wrote into one of our streams is a commit of its own, which no decider will understand. */
export function partOf({ id, metadata }: JSONRecordedEvent): Part {
  const part = partSchema.safeParse(metadata);
  return part.success ? part.data : { commit: id, index: 0, count: 1 };
}

/** A commit from all its events. */
export function commitFrom(stream: StreamId, recorded: readonly JSONRecordedEvent[]): Commit {
  const last = recorded.at(-1)!;
  const events = recorded.map(({ id, data, metadata }) => {
    const { schema, context } = (metadata ?? {}) as { schema?: unknown; context?: unknown };
    return { eventId: id, schema, context, event: data };
  });
  const bytes = new TextEncoder().encode(JSON.stringify({ format: 1, events }));
  return { stream, version: versionOf(last), position: positionOf(last), ...decodeCommit(bytes) };
}

/** A commit's version is the stream revision of its last event. */
export const versionOf = ({ revision }: JSONRecordedEvent): Version => Number(revision) as Version;
