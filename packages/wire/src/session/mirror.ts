/**
 * What survives a node, as rules. A state is known by the inputs that are in it; of two states of one session the one with
 * more of them is the later. The page keeps what nobody else has yet and says it again; the epoch says who may write.
 */
import type { NumberedInput } from "./session-input.ts";
import { appliedOf, type ViewState } from "./view-state.ts";

/** What a standby goes on from: its mirror or the ledger's checkpoint, whichever holds more. */
export function laterView(one: ViewState | null, other: ViewState | null): ViewState | null {
  if (!one || !other) return one ?? other;
  return other.inputs > one.inputs ? other : one;
}

/** Whether who holds `held` obeys who comes under `epoch`. */
export const epochVerdict = (held: number, epoch: number): "stale" | "same" | "takes-over" =>
  epoch < held ? "stale" : epoch === held ? "same" : "takes-over";

/** Enough for a minute of dragging; annotations are never dropped for it. */
export const pendingMost = 2_048;

/** The page's inputs that are not known to survive the node, the oldest first. */
export type PendingInputs = readonly NumberedInput[];

const mustBeKept = ({ input: { type } }: NumberedInput): boolean =>
  type === "annotate" || type === "erase" || type === "undo";

/** Where there is no more room the oldest camera movements go, which the next state makes up for; drawing stays. */
export function withPending(pending: PendingInputs, input: NumberedInput): PendingInputs {
  const all = [...pending, input];
  if (all.length <= pendingMost) return all;
  const oldest = all.findIndex((one) => !mustBeKept(one));
  return oldest < 0 ? pending : all.toSpliced(oldest, 1);
}

/** @param sequence the last that is known to survive. */
export const keptUpTo = (pending: PendingInputs, sequence: number): PendingInputs =>
  pending.filter((one) => one.sequence > sequence);

/** What the new host has not: to be sent again in order. */
export const toSendAgain = (pending: PendingInputs, page: string, view: ViewState): PendingInputs =>
  keptUpTo(pending, appliedOf(view, page));

/** The annotations that would be lost with the node. */
export const pendingAnnotations = (pending: PendingInputs): ReadonlySet<string> =>
  new Set(
    pending.flatMap(({ input }) =>
      input.type === "annotate" ? [input.annotation.id] : input.type === "erase" ? [input.id] : [],
    ),
  );
