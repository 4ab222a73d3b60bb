/** What can go wrong between two application entities. A DIMSE status is no fault: it is the peer's answer. */
import { Fault } from "@releve/domain/fault";
import { abortReasonText, rejectionText, type AbortReason } from "./reasons.ts";

export type DimseFaultCode =
  | "DIMSE_REJECTED"
  | "DIMSE_ABORTED"
  | "DIMSE_TIMEOUT"
  | "DIMSE_UNREACHABLE"
  | "DIMSE_NO_CONTEXT"
  | "DIMSE_PROTOCOL"
  | "DIMSE_OBJECT_TOO_LARGE"
  | "DIMSE_SHUT_DOWN";

export class DimseFault extends Fault {
  declare readonly code: DimseFaultCode;
  /** Only for DIMSE_PROTOCOL: the reason that our A-ABORT states. */
  readonly abortReason: AbortReason;

  constructor(
    code: DimseFaultCode,
    message: string,
    retry: "never" | "later",
    more: { readonly cause?: unknown; readonly abortReason?: AbortReason } = {},
  ) {
    super(code, message, retry, more.cause);
    this.name = "DimseFault";
    this.abortReason = more.abortReason ?? "reason-not-specified";
  }
}

/** The bytes on the wire break PS3.8 or PS3.7. */
export function protocolFault(abortReason: AbortReason, message: string): DimseFault {
  return new DimseFault("DIMSE_PROTOCOL", message, "never", { abortReason });
}

/** A-ASSOCIATE-RJ received. Only a transient rejection is worth another try. */
export function rejectedFault(rejection: { result: number; source: number; reason: number }): DimseFault {
  const retry = rejection.result === 2 ? "later" : "never";
  return new DimseFault("DIMSE_REJECTED", `association rejected: ${rejectionText(rejection)}`, retry);
}

/** A-ABORT received. */
export function abortedFault(abort: { source: number; reason: number }): DimseFault {
  const text = abort.source === 2 ? `by the provider: ${abortReasonText(abort.reason)}` : "by the peer";
  return new DimseFault("DIMSE_ABORTED", `association aborted ${text}`, "later");
}

export function closedFault(cause?: unknown): DimseFault {
  return new DimseFault("DIMSE_ABORTED", "the connection closed without a release", "later", { cause });
}

export function timeoutFault(what: string): DimseFault {
  return new DimseFault("DIMSE_TIMEOUT", what, "later");
}
