/**
 * EventStoreDB's position of an event is a pair of byte offsets in its log, commit and prepare, 64 bits each. The commit
 * offset of a commit's last event orders the commits, and no two share it: one append is one transaction. So that offset is
 * the ledger's Position. It is exact up to 2^53 bytes, eight petabytes of log; beyond that this engine refuses.
 */
import type { Position as LogPosition } from "@eventstore/db-client";
import type { Position } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";

/** What servers before 22.6 say for the events of a stream: the greatest unsigned 64-bit number. */
const untold = 2n ** 64n - 1n;

/** @throws LedgerFault LEDGER_SERVER_TOO_OLD when the server does not tell it, LEDGER_REFUSED beyond 2^53. */
export function positionOf({ position }: { readonly position?: LogPosition }): Position {
  if (position === undefined || position.commit === untold)
    throw new LedgerFault(
      "LEDGER_SERVER_TOO_OLD",
      "This EventStoreDB does not tell where events lie in its log: 22.6 is needed.",
    );
  if (position.commit > BigInt(Number.MAX_SAFE_INTEGER))
    throw new LedgerFault("LEDGER_REFUSED", "The EventStoreDB's log has grown beyond 2^53 bytes.");
  return Number(position.commit) as Position;
}

/**
 * Where to go on after a commit. Its prepare offset is at most its commit offset, so the pair of equal numbers lies at or
 * after its last event and before the next one.
 */
export const logPositionOf = (position: Position): LogPosition => ({
  commit: BigInt(position),
  prepare: BigInt(position),
});
