/** Writes every PDU of PS3.8 section 9.3 but P-DATA-TF, whose header alone is written (the data goes to the socket uncopied). */
import { encodeUserInformation, item } from "./user-information.ts";
import { pduType, type AnsweredContext, type Pdu, type ProposedContext } from "./pdu.ts";

const aeTitleBytes = 16;

export function encodePdu(pdu: Pdu): Buffer {
  switch (pdu.kind) {
    case "associate-request":
      return encodeAssociate(pduType.associateRequest, pdu, pdu.contexts.map(proposedContext));
    case "associate-accept":
      return encodeAssociate(pduType.associateAccept, pdu, pdu.contexts.map(answeredContext));
    case "associate-reject":
      return wrap(pduType.associateReject, Buffer.from([0, pdu.result, pdu.source, pdu.reason]));
    case "release-request":
      return wrap(pduType.releaseRequest, Buffer.alloc(4));
    case "release-reply":
      return wrap(pduType.releaseReply, Buffer.alloc(4));
    case "abort":
      return wrap(pduType.abort, Buffer.from([0, 0, pdu.source, pdu.reason]));
  }
}

/** Bytes before the fragment in a P-DATA-TF that holds one presentation data value (PS3.8 section 9.3.5, annex E.2). */
export function dataHeader(
  contextId: number,
  isCommand: boolean,
  isLast: boolean,
  fragmentBytes: number,
): Buffer {
  const header = Buffer.alloc(12);
  header[0] = pduType.data;
  header.writeUInt32BE(fragmentBytes + 6, 2);
  header.writeUInt32BE(fragmentBytes + 2, 6);
  header[10] = contextId;
  header[11] = (isCommand ? 1 : 0) | (isLast ? 2 : 0);
  return header;
}

function wrap(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(6);
  header[0] = type;
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function encodeAssociate(
  type: number,
  pdu: Extract<Pdu, { kind: "associate-request" | "associate-accept" }>,
  contexts: readonly Buffer[],
): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(pdu.protocolVersion, 0);
  fixed.write(paddedAeTitle(pdu.calledAeTitle), 4, "latin1");
  fixed.write(paddedAeTitle(pdu.callingAeTitle), 20, "latin1");
  const application = item(0x10, Buffer.from(pdu.applicationContext, "latin1"));
  return wrap(type, Buffer.concat([fixed, application, ...contexts, encodeUserInformation(pdu.user)]));
}

/** @throws RangeError for a title of more than 16 characters: an association must not be asked for under a cut name. */
function paddedAeTitle(title: string): string {
  if (title.length > aeTitleBytes) throw new RangeError("an AE title has at most 16 characters");
  return title.padEnd(aeTitleBytes, " ");
}

function proposedContext(context: ProposedContext): Buffer {
  return item(
    0x20,
    Buffer.from([context.id, 0, 0, 0]),
    item(0x30, Buffer.from(context.abstractSyntax, "latin1")),
    ...context.transferSyntaxes.map((uid) => item(0x40, Buffer.from(uid, "latin1"))),
  );
}

function answeredContext(context: AnsweredContext): Buffer {
  return item(
    0x21,
    Buffer.from([context.id, 0, context.result, 0]),
    item(0x40, Buffer.from(context.transferSyntax, "latin1")),
  );
}
