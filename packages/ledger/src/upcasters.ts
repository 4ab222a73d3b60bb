/**
 * How an event's older stored shapes become today's. Entry `n` of a list turns schema version n + 1 into n + 2, so today's
 * version is the list's length + 1. Stored bytes are never rewritten: this runs at every reading.
 */
import type { EventType } from "./events.ts";

export type StoredFields = { readonly [field: string]: unknown };
export type Upcaster = (older: StoredFields) => StoredFields;
export type Upcasters = { readonly [Type in EventType]?: readonly Upcaster[] };

export const upcasters: Upcasters = {
  // Before there were priorities every job waited in one line, and what it needed was taken for what it read.
  JobRequested: [
    (older) => ({ ...older, needBytes: older["inputBytes"], priority: "routine", deadlineAtMs: null }),
    // Every job took one volume. A node that knows no others must not compute a part of them.
    (older) => older,
  ],
  // Before any adoption there was one epoch, and nobody started ahead.
  JobClaimed: [(older) => ({ ...older, epoch: 1, aheadMs: 0 })],
  // Two reasons more; what was written before keeps its own.
  JobReleased: [(older) => older],
  JobCompleted: [(older) => ({ ...older, token: { epoch: 1, version: older["token"] } })],
  JobSuperseded: [(older) => ({ ...older, bySite: null })],
  NodeJoined: [(older) => ({ ...older, memoryBytes: null })],
};

export const schemaVersionOf = (type: EventType, table: Upcasters = upcasters): number =>
  (table[type]?.length ?? 0) + 1;

/** `fields` in today's shape. `schema` must be at most today's version. */
export function upcast(
  type: EventType,
  schema: number,
  fields: StoredFields,
  table: Upcasters = upcasters,
): StoredFields {
  return (table[type] ?? []).slice(schema - 1).reduce((older, next) => next(older), fields);
}
