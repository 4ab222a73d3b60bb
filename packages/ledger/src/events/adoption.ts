/** What happens to the ledger itself. */
import type { Digest } from "@releve/domain/ids";

/** A ledger that came back older than it was is taken on by a person, under a new epoch: no token of the old one counts. */
export type AdoptionEvent = {
  readonly type: "LedgerAdopted";
  readonly epoch: number;
  /** The last position that the restored ledger had ... */
  readonly tail: number;
  /** ... and the last one that any part of the system remembered. What lay between is lost. */
  readonly remembered: number;
  /** What journal and store still know of the lost range, as JSON in the object store; null where nothing is missing. */
  readonly report: Digest | null;
};
