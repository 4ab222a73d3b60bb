/** Encodes data sets by hand, well or badly formed, for tests. Shares no code with the reader. */
import { deflateRawSync } from "node:zlib";

export type Form = "implicit little" | "explicit little" | "explicit big";
export type Field = {
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array | string | readonly number[] | readonly (readonly Field[])[];
  /** In place of the true one. */
  readonly length?: number;
};

export const transferSyntaxes: Readonly<Record<Form, string>> = {
  "implicit little": "1.2.840.10008.1.2",
  "explicit little": "1.2.840.10008.1.2.1",
  "explicit big": "1.2.840.10008.1.2.2",
};

export const UNDEFINED = 0xffffffff;
const long = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"]);

export const field = (tag: number, vr: string, value: Field["value"], length?: number): Field =>
  length === undefined ? { tag, vr, value } : { tag, vr, value, length };

export function encode(fields: readonly Field[], form: Form): Buffer {
  return Buffer.concat(fields.map((one) => encodeField(one, form)));
}

function encodeField({ tag, vr, value, length }: Field, form: Form): Buffer {
  const big = form === "explicit big";
  const bytes =
    vr === "SQ" || isItems(value) ? items(value as readonly Field[][], form, length) : scalar(value, vr, big);
  const said = length ?? bytes.length;
  const head = tagBytes(tag, big);
  if (form === "implicit little") return Buffer.concat([head, integer(said, 4, big), bytes]);
  const name = Buffer.from(vr, "latin1");
  return long.has(vr)
    ? Buffer.concat([head, name, Buffer.alloc(2), integer(said, 4, big), bytes])
    : Buffer.concat([head, name, integer(said, 2, big), bytes]);
}

function isItems(value: Field["value"]): boolean {
  return Array.isArray(value) && Array.isArray(value[0]);
}

/** Undefined lengths throughout where the sequence has one. */
function items(list: readonly (readonly Field[])[], form: Form, length: number | undefined): Buffer {
  const big = form === "explicit big";
  const open = length === UNDEFINED;
  const parts = list.map((item) => {
    const bytes = encode(item, form);
    const end = open ? [tagBytes(0xfffee00d, big), Buffer.alloc(4)] : [];
    return Buffer.concat([
      tagBytes(0xfffee000, big),
      integer(open ? UNDEFINED : bytes.length, 4, big),
      bytes,
      ...end,
    ]);
  });
  return Buffer.concat([...parts, ...(open ? [tagBytes(0xfffee0dd, big), Buffer.alloc(4)] : [])]);
}

function scalar(value: Field["value"], vr: string, big: boolean): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === "string") {
    const bytes = Buffer.from(value, "latin1");
    return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
  }
  return Buffer.concat((value as readonly number[]).map((one) => number(one, vr, big)));
}

function number(value: number, vr: string, big: boolean): Buffer {
  const bytes = Buffer.alloc(vr === "FD" ? 8 : ["US", "SS", "OW"].includes(vr) ? 2 : 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (vr === "FD") view.setFloat64(0, value, !big);
  else if (vr === "FL") view.setFloat32(0, value, !big);
  else if (bytes.length === 2) view.setUint16(0, value & 0xffff, !big);
  else view.setUint32(0, value, !big);
  return bytes;
}

function tagBytes(tag: number, big: boolean): Buffer {
  return Buffer.concat([integer(tag >>> 16, 2, big), integer(tag & 0xffff, 2, big)]);
}

function integer(value: number, size: 2 | 4, big: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (big) bytes.writeUIntBE(value, 0, size);
  else bytes.writeUIntLE(value, 0, size);
  return bytes;
}

/** Preamble, mark and group 0002. */
export function meta(transferSyntaxUid: string): Buffer {
  const elements = encode([field(0x00020010, "UI", transferSyntaxUid)], "explicit little");
  const length = encode([field(0x00020000, "UL", [elements.length])], "explicit little");
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), length, elements]);
}

export function file(fields: readonly Field[], form: Form): Uint8Array {
  return Buffer.concat([meta(transferSyntaxes[form]), encode(fields, form)]);
}

export function deflatedFile(fields: readonly Field[]): Uint8Array {
  const dataSet = deflateRawSync(encode(fields, "explicit little"));
  return Buffer.concat([meta("1.2.840.10008.1.2.1.99"), dataSet]);
}

/** The four UIDs that every object must have. */
export const identity: readonly Field[] = [
  field(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
  field(0x00080018, "UI", "1.2.3.4"),
  field(0x0020000d, "UI", "1.2.3"),
  field(0x0020000e, "UI", "1.2.3.1"),
];

/** In the order of their tags. */
export function ordered(...fields: readonly Field[]): readonly Field[] {
  return [...identity, ...fields].toSorted((a, b) => a.tag - b.tag);
}

/** A monochrome image of 16 bits allocated, unless told otherwise. */
export function imageFields(
  rows: number,
  columns: number,
  more: Partial<Record<"bitsAllocated" | "bitsStored" | "signed" | "samples" | "frames", number>> = {},
): readonly Field[] {
  const { bitsAllocated = 16, bitsStored = bitsAllocated, signed = 0, samples = 1, frames } = more;
  return [
    field(0x00280002, "US", [samples]),
    field(0x00280004, "CS", samples === 1 ? "MONOCHROME2" : "RGB"),
    ...(samples === 1 ? [] : [field(0x00280006, "US", [0])]),
    ...(frames === undefined ? [] : [field(0x00280008, "IS", String(frames))]),
    field(0x00280010, "US", [rows]),
    field(0x00280011, "US", [columns]),
    field(0x00280100, "US", [bitsAllocated]),
    field(0x00280101, "US", [bitsStored]),
    field(0x00280102, "US", [bitsStored - 1]),
    field(0x00280103, "US", [signed]),
  ];
}

/** Encapsulated Pixel Data: an offset table and fragments, padded to even lengths. */
export function encapsulated(
  fragments: readonly Uint8Array[],
  offsets: readonly number[] = [],
  delimited = true,
): Field {
  const table = Buffer.concat(offsets.map((offset) => integer(offset, 4, false)));
  const parts = [table, ...fragments].map((part) => {
    const even = part.length % 2 === 0 ? part : Buffer.concat([part, Buffer.alloc(1)]);
    return Buffer.concat([tagBytes(0xfffee000, false), integer(even.length, 4, false), even]);
  });
  const end = delimited ? [tagBytes(0xfffee0dd, false), Buffer.alloc(4)] : [];
  return field(0x7fe00010, "OB", Buffer.concat([...parts, ...end]), UNDEFINED);
}

export function encapsulatedFile(fields: readonly Field[], transferSyntaxUid: string): Uint8Array {
  return Buffer.concat([meta(transferSyntaxUid), encode(fields, "explicit little")]);
}
