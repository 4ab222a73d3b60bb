/** C-STORE, the performing side (PS3.7 section 9.1.1 and 9.3.1). */
import { noDataSet, type CommandSet } from "./command-set.ts";
import { statusCode, statusClass, type DimseStatus } from "./dimse-status.ts";
import { IncomingDataSet } from "./incoming-data-set.ts";
import type { Session } from "./serve-messages.ts";

export type StoreRequest = {
  readonly sopClassUid: string;
  /** Digits and dots, at most 64 characters; components with leading zeros pass. */
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly address: string;
  /** The AE whose C-MOVE caused this store, and its message. */
  readonly moveOriginator?: { readonly aeTitle: string; readonly messageId: number };
};

/**
 * Stores one object. The data set's bytes come as sent; a slice stays valid but keeps up to 64 KiB alive.
 * May answer without reading to the end, but not with a success. What it throws becomes 0110H and is reported.
 */
export type StoreHandler = (
  request: StoreRequest,
  dataSet: AsyncIterable<Uint8Array>,
) => Promise<DimseStatus>;

const uidCharacters = /^[0-9.]{1,64}$/;

/** Reads the data set to its end in any case. @throws DimseFault when the association cannot go on. */
export async function serveStore(
  session: Session,
  contextId: number,
  command: CommandSet,
): Promise<DimseStatus> {
  const request = requestOf(session, contextId, command);
  if (command.CommandDataSetType === noDataSet) {
    return "status" in request
      ? request
      : { status: statusCode.cannotUnderstand, errorComment: "no data set" };
  }
  const dataSet = new IncomingDataSet(session.connection, contextId, session.limits);
  const status = "status" in request ? request : await handled(session, request, dataSet);
  await dataSet.drain();
  return status;
}

async function handled(
  session: Session,
  request: StoreRequest,
  dataSet: IncomingDataSet,
): Promise<DimseStatus> {
  try {
    const status = await session.handlers.store(request, dataSet);
    if (dataSet.isComplete && !dataSet.isTooLarge) return status;
    if (statusClass(status.status) === "failure") return status;
    throw new Error("a store handler accepted an object that it did not read to the end");
  } catch (cause) {
    if (dataSet.isTooLarge) {
      return { status: statusCode.outOfResources, errorComment: "object larger than the limit" };
    }
    if (!dataSet.isBroken) session.report({ kind: "store-failed", caller: session.caller, cause });
    return { status: statusCode.processingFailure, errorComment: "the object could not be stored" };
  }
}

function requestOf(session: Session, contextId: number, command: CommandSet): StoreRequest | DimseStatus {
  const { abstractSyntax, transferSyntaxUid } = session.contexts.get(contextId)!;
  const { AffectedSOPClassUID: sopClassUid, AffectedSOPInstanceUID: sopInstanceUid } = command;
  if (!sopClassUid) return { status: statusCode.missingAttribute, offendingElement: 0x00000002 };
  if (!sopInstanceUid) return { status: statusCode.missingAttribute, offendingElement: 0x00001000 };
  if (sopClassUid !== abstractSyntax) {
    return { status: statusCode.sopClassNotSupported, errorComment: "not the SOP class of the context" };
  }
  if (!uidCharacters.test(sopInstanceUid)) {
    return { status: statusCode.invalidSopInstance, offendingElement: 0x00001000 };
  }
  const aeTitle = command.MoveOriginatorApplicationEntityTitle;
  const messageId = command.MoveOriginatorMessageID;
  return {
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid,
    ...session.caller,
    ...(aeTitle && messageId !== undefined && { moveOriginator: { aeTitle, messageId } }),
  };
}
