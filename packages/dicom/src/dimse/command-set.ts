/** The command set of a DIMSE message: group 0000 in Implicit VR Little Endian, the elements of PS3.7 annex E.1. */
import { protocolFault } from "./faults.ts";

/** Keyword as PS3.7 spells it: element number and VR. */
const elements = {
  AffectedSOPClassUID: [0x0002, "UI"],
  RequestedSOPClassUID: [0x0003, "UI"],
  CommandField: [0x0100, "US"],
  MessageID: [0x0110, "US"],
  MessageIDBeingRespondedTo: [0x0120, "US"],
  MoveDestination: [0x0600, "AE"],
  Priority: [0x0700, "US"],
  CommandDataSetType: [0x0800, "US"],
  Status: [0x0900, "US"],
  OffendingElement: [0x0901, "AT"],
  ErrorComment: [0x0902, "LO"],
  ErrorID: [0x0903, "US"],
  AffectedSOPInstanceUID: [0x1000, "UI"],
  RequestedSOPInstanceUID: [0x1001, "UI"],
  EventTypeID: [0x1002, "US"],
  AttributeIdentifierList: [0x1005, "AT"],
  ActionTypeID: [0x1008, "US"],
  NumberOfRemainingSuboperations: [0x1020, "US"],
  NumberOfCompletedSuboperations: [0x1021, "US"],
  NumberOfFailedSuboperations: [0x1022, "US"],
  NumberOfWarningSuboperations: [0x1023, "US"],
  MoveOriginatorApplicationEntityTitle: [0x1030, "AE"],
  MoveOriginatorMessageID: [0x1031, "US"],
} as const satisfies Record<string, readonly [number, string]>;

type ValueOf = {
  readonly US: number;
  readonly UI: string;
  readonly AE: string;
  readonly LO: string;
  readonly AT: readonly number[];
};
type Keyword = keyof typeof elements;
export type CommandSet = { readonly [K in Keyword]?: ValueOf[(typeof elements)[K][1]] };
type Value = number | string | readonly number[];

/** No command set of PS3.7 comes near; an N-GET's list of 4000 tags still fits. */
export const maxCommandBytes = 16 * 1024;
/** Command Data Set Type: 0101H says that no data set follows, anything else that one does (PS3.7 annex E.1). */
export const noDataSet = 0x0101;
export const dataSetFollows = 0x0000;

export const commandField = {
  storeRequest: 0x0001,
  echoRequest: 0x0030,
  cancelRequest: 0x0fff,
  response: 0x8000,
} as const;

const byElement = new Map<number, readonly [Keyword, string]>(
  Object.entries(elements).map(([keyword, [element, vr]]) => [element, [keyword as Keyword, vr]]),
);

/** With Command Group Length, in ascending order. */
export function encodeCommandSet(command: CommandSet): Buffer {
  const parts = (Object.keys(elements) as Keyword[]).flatMap((keyword) => {
    const value = command[keyword];
    return value === undefined ? [] : [encodeElement(elements[keyword], value)];
  });
  const length = Buffer.alloc(12);
  length.writeUInt32LE(4, 4);
  length.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, 0),
    8,
  );
  return Buffer.concat([length, ...parts]);
}

/** Elements of other numbers (retired ones) are skipped. @throws DimseFault DIMSE_PROTOCOL when this is no command set. */
export function decodeCommandSet(bytes: Buffer): CommandSet {
  const command: Partial<Record<Keyword, Value>> = {};
  let previous = -1;
  for (let offset = 0; offset < bytes.length;) {
    if (offset + 8 > bytes.length) throw malformed("an element is cut off");
    const element = bytes.readUInt16LE(offset + 2);
    const end = offset + 8 + bytes.readUInt32LE(offset + 4);
    if (bytes.readUInt16LE(offset) !== 0) throw malformed("an element of another group");
    if (end > bytes.length) throw malformed("an element is longer than the command set");
    if (element <= previous) throw malformed("elements are out of order");
    const known = byElement.get(element);
    if (known) command[known[0]] = decodeValue(known[1], bytes.subarray(offset + 8, end));
    previous = element;
    offset = end;
  }
  return command as CommandSet;
}

function encodeElement([element, vr]: readonly [number, string], value: Value): Buffer {
  const bytes = encodeValue(vr, value);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

function encodeValue(vr: string, value: Value): Buffer {
  if (typeof value === "string") {
    const padded = value.length % 2 === 0 ? value : value + (vr === "UI" ? "\0" : " ");
    return Buffer.from(padded, "latin1");
  }
  if (typeof value === "number") {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  }
  const bytes = Buffer.alloc(value.length * 4);
  value.forEach((tag, index) => {
    bytes.writeUInt16LE(tag >>> 16, index * 4);
    bytes.writeUInt16LE(tag & 0xffff, index * 4 + 2);
  });
  return bytes;
}

function decodeValue(vr: string, bytes: Buffer): Value {
  if (vr === "US") {
    if (bytes.length !== 2) throw malformed("a US element without one value");
    return bytes.readUInt16LE(0);
  }
  if (vr !== "AT") return bytes.toString("latin1").replace(/\0+$/, "").trim();
  if (bytes.length % 4 !== 0) throw malformed("an AT element is cut off");
  return Array.from({ length: bytes.length / 4 }, (_, index) => {
    return bytes.readUInt16LE(index * 4) * 0x10000 + bytes.readUInt16LE(index * 4 + 2);
  });
}

function malformed(what: string): Error {
  return protocolFault("reason-not-specified", `malformed command set: ${what}`);
}
