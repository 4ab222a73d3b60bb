/** What one transaction writes, in a form that can be handed to another thread: few objects, one piece of bytes. */
import type { Position } from "../event-log.ts";

export type Checkpoint = {
  /** Of the ledger that the model was made from; 0: it holds nothing yet. */
  readonly epoch: number;
  /** Of the last commit that is in the model; undefined: none is. */
  readonly position: Position | undefined;
  readonly commits: number;
  readonly events: number;
  readonly streams: number;
};

/** Whether the row is new, and the columns of `streams` in their order. */
export type StreamChange = readonly [
  isNew: boolean,
  n: number,
  kind: string,
  id: string,
  job: string | null,
  study: string | null,
  status: string | null,
  unread: number,
  view: string | null,
];

export type RowBatch = {
  /** What the file must hold for the batch to fit. */
  readonly before: Checkpoint;
  readonly next: Checkpoint;
  /** `n`, position, stream, unread and where its bytes end, one commit after the other. */
  readonly commits: Float64Array<ArrayBuffer>;
  readonly bodies: Uint8Array<ArrayBuffer>;
  readonly streams: readonly StreamChange[];
  readonly pictures: readonly string[];
};

/** So many numbers a commit. */
export const commitNumbers = 5;
