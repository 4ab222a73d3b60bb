/** What every event carries besides its own facts. */
import type { Uuid } from "@releve/domain/ids";
import type { LedgerEvent } from "./events.ts";

export type Context = {
  /** Milliseconds since the Unix epoch, by the writer's clock: for people, never for ordering. */
  readonly atMs: number;
  readonly site: string;
  /** The process that wrote it, such as `node:a1` or `gateway:site-a`; never a person's name. */
  readonly actor: string;
  /** The event that led to this one, and the first of the whole chain. */
  readonly cause?: Uuid;
  readonly correlation?: Uuid;
};

export type NewEvent = { readonly eventId: Uuid; readonly context: Context; readonly event: LedgerEvent };

/** A stored event. `schema` is the version of the event's shape; older ones pass an upcaster when they are read. */
export type EventEnvelope = NewEvent & { readonly schema: number };

/**
 * A stored event that cannot be read here: written by newer code, or damaged. A read model keeps `json` and goes on;
 * a decider must not decide over it (`fold` throws LEDGER_NOT_UNDERSTOOD), because its state would be wrong.
 */
export type UnreadEvent = {
  /** Its place among all events of the commit. */
  readonly index: number;
  readonly why: "unknown-type" | "newer-schema" | "invalid";
  /** What is known of it; empty where even that could not be read. */
  readonly type: string;
  readonly schema: number;
  readonly json: string;
};
