/** Opens associations to other application entities, for verification and storage. */
import { implicitVrLittleEndian, verificationSopClass } from "./accept-context.ts";
import { Association, type OpenContext } from "./association.ts";
import { connectTo, type PeerAddress } from "./connect.ts";
import { Connection, unexpected } from "./connection.ts";
import { maxContexts, type ContextWish } from "./contexts-for.ts";
import { DimseFault, rejectedFault } from "./faults.ts";
import { fragmentBytesFor } from "./messages.ts";
import { ownUserInformation } from "./own-identity.ts";
import {
  dicomApplicationContext,
  type AssociateAccept,
  type AssociateRequest,
  type ProposedContext,
} from "./pdu.ts";

export type AssociationOptions = PeerAddress & {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** At most 128. */
  readonly contexts: readonly ContextWish[];
  /** Longest P-DATA-TF variable field that we accept. */
  readonly maxPduBytes: number;
  readonly connectMs: number;
  /** For every answer, for a stalled send, and for the peer's close. */
  readonly responseMs: number;
};

export const verificationContext: ContextWish = {
  abstractSyntax: verificationSopClass,
  transferSyntaxes: [implicitVrLittleEndian],
};

/** @throws DimseFault DIMSE_UNREACHABLE, DIMSE_TIMEOUT, DIMSE_REJECTED, DIMSE_ABORTED, DIMSE_PROTOCOL */
export async function openAssociation(options: AssociationOptions): Promise<Association> {
  const contexts = numbered(options.contexts);
  const socket = await connectTo(options, options.connectMs);
  const { maxPduBytes, responseMs } = options;
  const connection = new Connection(socket, { maxPduBytes, artimMs: responseMs, stallMs: responseMs });
  try {
    await connection.send(associateRequest(options, contexts));
    const accept = await answer(connection, responseMs);
    const fragmentBytes = fragmentBytesFor(accept.user.maxPduBytes);
    return new Association(connection, openContexts(contexts, accept), { fragmentBytes, responseMs });
  } catch (fault) {
    await connection.endBecauseOf(fault);
    throw fault;
  }
}

function numbered(wishes: readonly ContextWish[]): ProposedContext[] {
  if (wishes.length === 0 || wishes.length > maxContexts) {
    throw new RangeError("an association proposes 1 to 128 presentation contexts");
  }
  return wishes.map((wish, index) => ({ ...wish, id: 2 * index + 1 }));
}

function associateRequest(
  options: AssociationOptions,
  contexts: readonly ProposedContext[],
): AssociateRequest {
  const { calledAeTitle, callingAeTitle, maxPduBytes } = options;
  return {
    kind: "associate-request",
    protocolVersion: 1,
    calledAeTitle,
    callingAeTitle,
    applicationContext: dicomApplicationContext,
    contexts,
    user: ownUserInformation(maxPduBytes),
  };
}

async function answer(connection: Connection, responseMs: number): Promise<AssociateAccept> {
  const incoming = await connection.next(responseMs);
  if (incoming.kind === "associate-accept") return incoming;
  if (incoming.kind === "associate-reject") throw rejectedFault(incoming);
  throw unexpected(incoming);
}

/** Accepted contexts, with the transfer syntax chosen. One that we did not propose is a breach of the protocol. */
function openContexts(proposed: readonly ProposedContext[], accept: AssociateAccept): OpenContext[] {
  return accept.contexts
    .filter((context) => context.result === 0)
    .map(({ id, transferSyntax }) => {
      const wish = proposed.find((candidate) => candidate.id === id);
      if (!wish?.transferSyntaxes.includes(transferSyntax)) {
        throw new DimseFault("DIMSE_PROTOCOL", "the peer accepted a context that was not proposed", "never", {
          abortReason: "invalid-pdu-parameter-value",
        });
      }
      return { id, abstractSyntax: wish.abstractSyntax, transferSyntaxUid: transferSyntax };
    });
}
