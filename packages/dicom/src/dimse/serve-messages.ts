/** The acceptor's side of an established association: one DIMSE message after the other until somebody ends it. */
import { verificationSopClass } from "./accept-context.ts";
import { commandField, noDataSet, type CommandSet } from "./command-set.ts";
import { nextFragment, unexpected, type Connection } from "./connection.ts";
import { statusCode, type DimseStatus } from "./dimse-status.ts";
import { protocolFault } from "./faults.ts";
import { IncomingDataSet } from "./incoming-data-set.ts";
import { receiveCommand, sendCommand } from "./messages.ts";
import type { AcceptedContext } from "./negotiate.ts";
import type { FragmentSlice } from "./pdu.ts";
import type { Caller, ScpEvent, ScpHandlers, ScpLimits } from "./scp.ts";
import { serveStore } from "./serve-store.ts";
import { statusElements } from "./status-elements.ts";

export type Session = {
  readonly connection: Connection;
  readonly caller: Caller;
  readonly contexts: ReadonlyMap<number, AcceptedContext>;
  readonly fragmentBytes: number;
  readonly limits: ScpLimits;
  readonly handlers: ScpHandlers;
  readonly report: (event: ScpEvent) => void;
};

/** Resolves when the peer asks for the release. @throws DimseFault for every other end. */
export async function serveMessages(session: Session): Promise<void> {
  for (;;) {
    const incoming = await session.connection.next(session.limits.idleMs);
    if (incoming.kind === "release-request") return;
    if (incoming.kind !== "fragment") throw unexpected(incoming);
    await serveMessage(session, incoming);
  }
}

async function serveMessage(session: Session, first: FragmentSlice): Promise<void> {
  if (!session.contexts.has(first.contextId)) {
    throw protocolFault("invalid-pdu-parameter-value", "a presentation context that was not accepted");
  }
  if (!first.isCommand) throw protocolFault("unexpected-pdu-parameter", "a data set without a command");
  const next = () => nextFragment(session.connection, session.limits.idleMs);
  const { contextId, command } = await receiveCommand(first, next);
  const { CommandField: field, MessageID: messageId } = command;
  if (field === undefined || (field & commandField.response) !== 0) {
    throw protocolFault("reason-not-specified", "a response, or no command at all, where a request is due");
  }
  // Nothing here takes long enough to be cancelled, and a C-CANCEL has no response (PS3.7 section 9.3.2.3).
  if (field === commandField.cancelRequest) return;
  if (messageId === undefined) throw protocolFault("reason-not-specified", "a request without a Message ID");
  const status = await perform(session, contextId, command);
  await sendCommand(session.connection, contextId, response(command, status), session.fragmentBytes);
}

async function perform(session: Session, contextId: number, command: CommandSet): Promise<DimseStatus> {
  const isVerification = session.contexts.get(contextId)!.abstractSyntax === verificationSopClass;
  if (command.CommandField === commandField.storeRequest && !isVerification) {
    return serveStore(session, contextId, command);
  }
  if (command.CommandDataSetType !== noDataSet) {
    await new IncomingDataSet(session.connection, contextId, session.limits).drain();
  }
  if (command.CommandField === commandField.echoRequest) return session.handlers.echo(session.caller);
  return { status: statusCode.unrecognizedOperation };
}

function response(request: CommandSet, status: DimseStatus): CommandSet {
  const sopClass = request.AffectedSOPClassUID ?? request.RequestedSOPClassUID;
  const sopInstance = request.AffectedSOPInstanceUID;
  return {
    ...(sopClass && { AffectedSOPClassUID: sopClass }),
    CommandField: request.CommandField! | commandField.response,
    MessageIDBeingRespondedTo: request.MessageID!,
    CommandDataSetType: noDataSet,
    ...statusElements(status),
    ...(sopInstance && { AffectedSOPInstanceUID: sopInstance }),
  };
}
