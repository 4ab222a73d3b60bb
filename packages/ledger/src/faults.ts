/** Every fault of the ledger, with its stable code. No patient data in a message: streams are named by kind and UUID. */
import { Fault } from "@releve/domain/fault";

/**
 * - LEDGER_UNREACHABLE (later): no server answered within the limit. An append may still land afterwards.
 * - LEDGER_CONTENDED (later): others wrote first on every one of the bounded tries.
 * - LEDGER_NOT_UNDERSTOOD (later): the stream holds an event that this version of the code cannot read; newer code can.
 * - LEDGER_REFUSED (never): the server said no for a reason that a retry does not change.
 * - LEDGER_EVENT_ID_REUSED (never): the first event id belongs to a commit of another stream.
 * - LEDGER_COMMIT_TOO_LARGE (never): the commit exceeds what one message holds.
 * - LEDGER_SERVER_TOO_OLD (never): below the oldest server that can be trusted.
 * - LEDGER_STREAM_DIFFERS (never): the stream's settings, read back, are not those that the ledger needs.
 * - LEDGER_RESTORED (never): the ledger is older than this process knows it, or another: a person must adopt it.
 * - LEDGER_MARK_DAMAGED (never): the file that remembers the newest known event cannot be read.
 * - LEDGER_READ_MODEL_FAILED (later): the file of a read model cannot be written, such as on a full disk.
 * - LEDGER_CLOSED (never): used after close().
 */
export type LedgerFaultCode =
  | "LEDGER_UNREACHABLE"
  | "LEDGER_CONTENDED"
  | "LEDGER_NOT_UNDERSTOOD"
  | "LEDGER_REFUSED"
  | "LEDGER_EVENT_ID_REUSED"
  | "LEDGER_COMMIT_TOO_LARGE"
  | "LEDGER_SERVER_TOO_OLD"
  | "LEDGER_STREAM_DIFFERS"
  | "LEDGER_RESTORED"
  | "LEDGER_MARK_DAMAGED"
  | "LEDGER_READ_MODEL_FAILED"
  | "LEDGER_CLOSED";

const retryOf: Record<LedgerFaultCode, "never" | "later"> = {
  LEDGER_UNREACHABLE: "later",
  LEDGER_CONTENDED: "later",
  LEDGER_NOT_UNDERSTOOD: "later",
  LEDGER_REFUSED: "never",
  LEDGER_EVENT_ID_REUSED: "never",
  LEDGER_COMMIT_TOO_LARGE: "never",
  LEDGER_SERVER_TOO_OLD: "never",
  LEDGER_STREAM_DIFFERS: "never",
  LEDGER_RESTORED: "never",
  LEDGER_MARK_DAMAGED: "never",
  LEDGER_READ_MODEL_FAILED: "later",
  LEDGER_CLOSED: "never",
};

export class LedgerFault extends Fault {
  override readonly code: LedgerFaultCode;

  constructor(code: LedgerFaultCode, message: string, cause?: unknown) {
    super(code, message, retryOf[code], cause);
    this.name = "LedgerFault";
    this.code = code;
  }
}
