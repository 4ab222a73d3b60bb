/** Is the ledger that we found the one that we knew? */
import type { Uuid } from "@releve/domain/ids";
import type { LedgerMark } from "./ledger-mark.ts";

/**
 * - same: it holds the newest commit that we knew.
 * - adopted: a person took it on under a newer epoch; what we knew of the old one no longer counts.
 * - older: it ends, or its adoptions end, before what we knew: an older backup came back.
 * - foreign: at that place it has another commit: an older backup came back and was written to, or it is another ledger.
 */
export type Judgement = "same" | "adopted" | "older" | "foreign";

export type FoundLedger = {
  readonly epoch: number;
  /** First event of the commit at the mark's position; undefined where there is none. */
  readonly eventIdAtMark: Uuid | undefined;
};

export function judgeLedger(mark: LedgerMark | undefined, found: FoundLedger): Judgement {
  if (mark === undefined) return "same";
  if (found.epoch > mark.epoch) return "adopted";
  if (found.epoch < mark.epoch || found.eventIdAtMark === undefined) return "older";
  return found.eventIdAtMark === mark.eventId ? "same" : "foreign";
}
