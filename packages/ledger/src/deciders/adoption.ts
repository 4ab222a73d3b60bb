/**
 * The ledger's own epochs, one stream:
 *
 *   original (epoch 1) --adopt--> adopted (epoch 2) --adopt--> adopted (epoch 3) ...
 *
 * A ledger that came back older than it was gives the same versions a second time, so a person takes it on under a new
 * epoch, and no token of an old epoch counts any more.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { AdoptionEvent } from "../events/adoption.ts";

// ---- State

export type AdoptionState =
  | { readonly status: "original"; readonly epoch: number }
  | ({ readonly status: "adopted" } & Omit<AdoptionEvent, "type">);

export const firstLedgerEpoch = 1;

// ---- Commands

export type AdoptionCommand = {
  readonly type: "adopt";
  /** The epoch that the person saw; the adopted ledger is under the next one. */
  readonly expectedEpoch: number;
} & Omit<AdoptionEvent, "type" | "epoch">;

// ---- Decide

/** The same adoption twice is one: it names the epoch that it leaves, and where the ledger ended and should have ended. */
export function decideAdoption(
  { expectedEpoch, tail, remembered, report }: AdoptionCommand,
  state: AdoptionState,
): readonly AdoptionEvent[] | Refusal {
  const epoch = expectedEpoch + 1;
  if (state.epoch === expectedEpoch) return [{ type: "LedgerAdopted", epoch, tail, remembered, report }];
  const already =
    state.status === "adopted" &&
    state.epoch === epoch &&
    state.tail === tail &&
    state.remembered === remembered;
  return already ? [] : refusal("STALE_EPOCH", `The ledger is under epoch ${state.epoch}.`);
}

// ---- Evolve

export function evolveAdoption(_: AdoptionState, event: AdoptionEvent): AdoptionState {
  const { type: _type, ...adoption } = event;
  return { status: "adopted", ...adoption };
}

export const adoptionDecider: Decider<AdoptionState, AdoptionCommand, AdoptionEvent> = {
  kind: "ledger",
  initial: { status: "original", epoch: firstLedgerEpoch },
  decide: decideAdoption,
  evolve: evolveAdoption,
};
