/** Reads the body of every PDU but P-DATA-TF. Strict: what does not add up is a protocol fault with its A-ABORT reason. */
import { protocolFault } from "./faults.ts";
import { pduType, type AnsweredContext, type Pdu, type ProposedContext } from "./pdu.ts";
import { decodeUserInformation, itemText, readItems, type Item } from "./user-information.ts";

/** `body` is the PDU's variable field, complete. @throws DimseFault DIMSE_PROTOCOL */
export function decodePdu(type: number, body: Buffer): Pdu {
  switch (type) {
    case pduType.associateRequest:
      return { kind: "associate-request", ...decodeAssociate(body, 0x20, proposedContext) };
    case pduType.associateAccept:
      return { kind: "associate-accept", ...decodeAssociate(body, 0x21, answeredContext) };
    case pduType.associateReject:
      return { kind: "associate-reject", result: body[1]!, source: body[2]!, reason: body[3]! };
    case pduType.releaseRequest:
      return { kind: "release-request" };
    case pduType.releaseReply:
      return { kind: "release-reply" };
    case pduType.abort:
      return { kind: "abort", source: body[2]!, reason: body[3]! };
    default:
      throw protocolFault("unrecognized-pdu", `PDU type ${type} does not exist`);
  }
}

function decodeAssociate<C extends { readonly id: number }>(
  body: Buffer,
  contextType: number,
  readContext: (value: Buffer) => C,
) {
  if (body.length < 68) throw invalid("an A-ASSOCIATE PDU is cut off");
  const items = readItems(body.subarray(68));
  const contexts = items.filter((item) => item.type === contextType).map((item) => readContext(item.value));
  if (contexts.length === 0) throw invalid("no presentation context");
  if (new Set(contexts.map((context) => context.id)).size !== contexts.length) {
    throw invalid("a presentation context ID is used twice");
  }
  return {
    protocolVersion: body.readUInt16BE(0),
    calledAeTitle: aeTitle(body.subarray(4, 20)),
    callingAeTitle: aeTitle(body.subarray(20, 36)),
    applicationContext: itemText(only(items, 0x10, "Application Context")),
    contexts,
    user: decodeUserInformation(only(items, 0x50, "User Information")),
  };
}

function proposedContext(value: Buffer): ProposedContext {
  const items = readItems(value.subarray(4));
  const transferSyntaxes = items.filter((item) => item.type === 0x40).map((item) => itemText(item.value));
  if (transferSyntaxes.length === 0) throw invalid("a presentation context without a transfer syntax");
  return {
    id: contextId(value),
    abstractSyntax: itemText(only(items, 0x30, "Abstract Syntax")),
    transferSyntaxes,
  };
}

function answeredContext(value: Buffer): AnsweredContext {
  const id = contextId(value);
  const result = value[2]!;
  // In a refused context the transfer syntax is not significant, and some peers leave it out (PS3.8 section 9.3.3.2).
  if (result !== 0) return { id, result, transferSyntax: "" };
  return {
    id,
    result,
    transferSyntax: itemText(only(readItems(value.subarray(4)), 0x40, "Transfer Syntax")),
  };
}

/** PS3.8 section 9.3.2.2: odd, 1 to 255. */
function contextId(value: Buffer): number {
  const id = value[0];
  if (value.length < 4 || id === undefined || id % 2 === 0) throw invalid("a wrong presentation context ID");
  return id;
}

function only(items: readonly Item[], type: number, name: string): Buffer {
  const found = items.filter((item) => item.type === type);
  if (found.length !== 1) throw invalid(`${found.length} ${name} items instead of one`);
  return found[0]!.value;
}

/** Leading and trailing spaces are not significant (PS3.5 table 6.2-1); some peers pad with zero bytes. */
function aeTitle(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/\0+$/, "").trim();
}

function invalid(message: string): Error {
  return protocolFault("invalid-pdu-parameter-value", message);
}
