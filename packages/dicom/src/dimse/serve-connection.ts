/**
 * The acceptor's state machine, PS3.8 section 9.2, for one transport connection:
 *
 *   Sta2 awaiting A-ASSOCIATE-RQ -> rejected -> Sta13 awaiting close
 *                                -> Sta6 established -> released | aborted -> Sta13
 */
import type { Connection } from "./connection.ts";
import { DimseFault } from "./faults.ts";
import { fragmentBytesFor } from "./messages.ts";
import { negotiate, rejectionOf } from "./negotiate.ts";
import type { AssociateRequest } from "./pdu.ts";
import { rejectionNumbers, type RejectionReason } from "./reasons.ts";
import type { Caller, ScpEvent, ScpOptions } from "./scp.ts";
import { serveMessages } from "./serve-messages.ts";

export type Acceptor = ScpOptions & {
  /** Takes one of the `maxAssociations` places; undefined when none is free. */
  readonly takePlace: () => { readonly release: () => void } | undefined;
  readonly report: (event: ScpEvent) => void;
};

/** Resolves when the connection is closed, whatever happened on it. */
export async function serveConnection(
  connection: Connection,
  address: string,
  acceptor: Acceptor,
): Promise<void> {
  const request = await associateRequest(connection, address, acceptor);
  if (!request) return;
  const { callingAeTitle, calledAeTitle } = request;
  const caller: Caller = { callingAeTitle, calledAeTitle, address };
  const place = acceptor.takePlace();
  try {
    const reason =
      rejectionOf(request) ??
      (await admission(caller, acceptor)) ??
      (place ? undefined : "local-limit-exceeded");
    if (reason) {
      place?.release();
      return await reject(connection, caller, reason, acceptor);
    }
    await established(connection, caller, request, acceptor, () => place?.release());
  } finally {
    place?.release();
  }
}

/** Sta2. Before an association there is no service provider to abort: PS3.8 action AA-1 aborts as the user, AA-2 just closes. */
async function associateRequest(
  connection: Connection,
  address: string,
  acceptor: Acceptor,
): Promise<AssociateRequest | undefined> {
  try {
    const incoming = await connection.next(acceptor.limits.artimMs);
    if (incoming.kind === "associate-request") return incoming;
    acceptor.report({ kind: "not-dicom", address, reason: `${incoming.kind} instead of A-ASSOCIATE-RQ` });
    if (incoming.kind === "closed" || incoming.kind === "abort") connection.destroy();
    else await connection.abortAsUser();
  } catch (fault) {
    acceptor.report({ kind: "not-dicom", address, reason: messageOf(fault) });
    if (fault instanceof DimseFault && fault.code === "DIMSE_PROTOCOL") await connection.abortAsUser();
    else connection.destroy();
  }
  return undefined;
}

async function admission(caller: Caller, acceptor: Acceptor): Promise<RejectionReason | undefined> {
  try {
    const answer = await acceptor.admit(caller);
    return answer === "admitted" ? undefined : answer.rejected;
  } catch (cause) {
    acceptor.report({ kind: "admission-failed", caller, cause });
    return "temporary-congestion";
  }
}

async function reject(
  connection: Connection,
  caller: Caller,
  reason: RejectionReason,
  acceptor: Acceptor,
): Promise<void> {
  acceptor.report({ kind: "rejected", caller, reason });
  await connection.reject(rejectionNumbers(reason));
}

async function established(
  connection: Connection,
  caller: Caller,
  request: AssociateRequest,
  acceptor: Acceptor,
  freePlace: () => void,
): Promise<void> {
  const { limits, handlers, report } = acceptor;
  try {
    const { accept, contexts } = negotiate(request, acceptor.acceptContext, limits.maxPduBytes);
    const fragmentBytes = fragmentBytesFor(request.user.maxPduBytes);
    await connection.send(accept);
    await serveMessages({ connection, caller, contexts, fragmentBytes, limits, handlers, report });
    report({ kind: "released", caller });
    freePlace();
    await connection.replyToRelease();
  } catch (fault) {
    report({ kind: "ended", caller, cause: fault });
    freePlace();
    await connection.endBecauseOf(fault);
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : "unknown";
}
