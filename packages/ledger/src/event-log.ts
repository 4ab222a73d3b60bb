/**
 * The port of the ledger. One stream per aggregate; one commit is one entry: all of its events or none.
 * Version and Position are opaque and ordered; nothing may assume that the next one is +1.
 */
import type { Brand, Uuid } from "@releve/domain/ids";
import type { EventEnvelope, NewEvent, UnreadEvent } from "./envelope.ts";

export const streamKinds = [
  "job",
  "delivery",
  "study",
  "session",
  "node",
  "site",
  "access",
  "order",
  /** One stream only: the ledger's own epochs. */
  "ledger",
] as const;
export type StreamKind = (typeof streamKinds)[number];
export type StreamId = { readonly kind: StreamKind; readonly id: Uuid };

/** Orders the commits of one stream. The version of a claim's commit is its fencing token. */
export type Version = Brand<number, "Version">;
/** Orders the commits of the whole log. */
export type Position = Brand<number, "Position">;
/** What the writer believes is the stream's last version; `none`: the stream does not exist yet. */
export type Expected = Version | "none";

export type Commit = {
  readonly stream: StreamId;
  readonly version: Version;
  readonly position: Position;
  readonly events: readonly EventEnvelope[];
  /** Events that this version of the code does not understand, kept as they are stored; absent when there are none. */
  readonly unread?: readonly UnreadEvent[];
  /** The bytes that the events were read from, where the engine has them in one piece: read models keep these. */
  readonly stored?: Uint8Array;
};

export type AppendOutcome =
  | { readonly appended: true; readonly version: Version; readonly position: Position }
  /** Somebody else wrote first: read again and decide again. */
  | { readonly appended: false; readonly reason: "conflict" };

export type Subscription = AsyncIterable<Commit> & { readonly stop: () => void };

export type EventLog = {
  /** Raised by each adoption of a restored ledger; 1 before any. Fixed while the log is open. */
  readonly epoch: number;
  /**
   * Appends one commit. The same first event id twice is one commit. A time-out is not a failure: the engine retries and
   * re-reads until it knows. @throws LedgerFault `LEDGER_UNREACHABLE` (retry later) when it cannot know within its limit.
   */
  readonly append: (
    stream: StreamId,
    events: readonly NewEvent[],
    expected: Expected,
  ) => Promise<AppendOutcome>;
  /** The stream's commits after `after` (or all), oldest first; empty when there is none. */
  readonly read: (stream: StreamId, after?: Version) => Promise<readonly Commit[]>;
  /** Every commit after `after` (or from the beginning) up to the log's end at the time of the call. */
  readonly readAll: (after?: Position) => AsyncIterable<Commit>;
  /** Every commit after `after`, then live ones, until stopped; survives reconnects without gap or repetition. */
  readonly subscribe: (after?: Position) => Subscription;
  readonly close: () => Promise<void>;
};

/** A log that somebody else writes, such as the copy of another site's ledger. */
export type ReadableLog = Omit<EventLog, "append">;
