/**
 * The front of a Part 10 file (PS3.10 section 7.1) for a data set that arrived without one. The data set follows it
 * unchanged, byte for byte, so that a file can be written while the data set still comes in.
 */
import { derivedUid } from "@releve/domain/ids";

/** Names this implementation in every file it writes (PS3.7 D.3.3.2): 128 bits under 2.25, so at most 44 characters. */
export const IMPLEMENTATION_CLASS_UID: string = derivedUid("releve implementation class");
export const IMPLEMENTATION_VERSION_NAME = "RELEVE_0_1";

export type Part10Header = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** The transfer syntax that the data set's bytes have. */
  readonly transferSyntaxUid: string;
  /** Calling AE title of the sender, at most 16 characters. */
  readonly sourceApplicationEntityTitle?: string;
};

/** @returns 128 zero bytes, "DICM" and group 0002. @throws RangeError when a value does not fit its element. */
export function part10Prefix(header: Part10Header): Uint8Array {
  const { sourceApplicationEntityTitle: sender } = header;
  const elements = Buffer.concat([
    versionElement,
    textElement(0x0002, "UI", header.sopClassUid),
    textElement(0x0003, "UI", header.sopInstanceUid),
    textElement(0x0010, "UI", header.transferSyntaxUid),
    textElement(0x0012, "UI", IMPLEMENTATION_CLASS_UID),
    textElement(0x0013, "SH", IMPLEMENTATION_VERSION_NAME),
    ...(sender === undefined ? [] : [textElement(0x0016, "AE", sender)]),
  ]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), groupLength(elements.length), elements]);
}

/** (0002,0001) File Meta Information Version, OB, 00\01. */
const versionElement = Buffer.from([2, 0, 1, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1]);

const longestValue = { UI: 64, SH: 16, AE: 16 } as const;

function textElement(element: number, vr: keyof typeof longestValue, value: string): Buffer {
  if (value.length > longestValue[vr] || !/^[\x20-\x7e]*$/.test(value))
    throw new RangeError(`a value does not fit ${vr} of the file meta information`);
  const padded = value.length % 2 === 0 ? value : value + (vr === "UI" ? "\0" : " ");
  const head = Buffer.alloc(8);
  head.writeUInt16LE(2, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, "latin1");
  head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, Buffer.from(padded, "latin1")]);
}

function groupLength(bytes: number): Buffer {
  const element = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  element.writeUInt32LE(bytes, 8);
  return element;
}
