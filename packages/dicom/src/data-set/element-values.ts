/** The bytes of one element as text or numbers, by its VR (PS3.5 section 6.2). */
import type { Element } from "./element.ts";
import { binaryWidths, charsetVrs, singleTextVrs } from "./value-representations.ts";

/** Decimal as DS and IS write it; nothing that only JavaScript would take for a number. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export type ValueContext = {
  readonly bytes: Uint8Array;
  readonly decode: (bytes: Uint8Array) => string;
  /** Pixel Representation is 1: decides "xs". */
  readonly signedPixels: boolean;
};

export function valueBytes(context: ValueContext, element: Element): Uint8Array {
  return context.bytes.subarray(element.offset, element.offset + element.length);
}

/** One of the VRs of PS3.5: the dictionary's choices decided. */
export function finalVr(vr: string, signedPixels: boolean): string {
  if (vr === "xs") return signedPixels ? "SS" : "US";
  if (vr === "ox" || vr === "lt") return "OW";
  return vr === "na" ? "UN" : vr;
}

/** Every value, trimmed as its VR allows; numbers of the binary VRs in decimal. Empty when there is no value. */
export function textValues(context: ValueContext, element: Element): readonly string[] {
  if (element.vr === "SQ" || element.encapsulated) return [];
  if (element.vr === "AT") return tagValues(context, element);
  if (binaryWidths.has(element.vr)) return numberValues(context, element).map(String);
  const bytes = valueBytes(context, element);
  const text = charsetVrs.has(element.vr) || element.vr === "UN" ? context.decode(bytes) : asLatin1(bytes);
  const trimmed = text.replace(/[\0 ]+$/, "");
  if (trimmed === "") return [];
  if (singleTextVrs.has(element.vr)) return [trimmed];
  return trimmed.split("\\").map((value) => value.replace(/[\0 ]+$/, "").replace(/^ +/, ""));
}

/** Every value; NaN where one is no finite number. 64-bit integers beyond 2^53 lose their last digits. */
export function numberValues(context: ValueContext, element: Element): readonly number[] {
  if (element.vr === "SQ" || element.encapsulated) return [];
  const vr = finalVr(element.vr, context.signedPixels);
  const width = binaryWidths.get(vr);
  if (width === undefined) return textValues(context, element).map(parseDecimal);
  const { buffer, byteOffset } = context.bytes;
  const read = readers[vr]!;
  const view = new DataView(buffer, byteOffset + element.offset, element.length);
  return Array.from({ length: Math.floor(element.length / width) }, (_, index) =>
    finite(read(view, index * width, element.littleEndian)),
  );
}

export function parseDecimal(text: string): number {
  return decimal.test(text) ? finite(Number(text)) : Number.NaN;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

type ReadNumber = (view: DataView, at: number, little: boolean) => number;

const unsigned32: ReadNumber = (view, at, little) => view.getUint32(at, little);
const unsigned16: ReadNumber = (view, at, little) => view.getUint16(at, little);
const unsigned64: ReadNumber = (view, at, little) => Number(view.getBigUint64(at, little));
const float32: ReadNumber = (view, at, little) => view.getFloat32(at, little);
const float64: ReadNumber = (view, at, little) => view.getFloat64(at, little);

const readers: Readonly<Record<string, ReadNumber>> = {
  OB: (view, at) => view.getUint8(at),
  SS: (view, at, little) => view.getInt16(at, little),
  SL: (view, at, little) => view.getInt32(at, little),
  SV: (view, at, little) => Number(view.getBigInt64(at, little)),
  US: unsigned16,
  OW: unsigned16,
  UL: unsigned32,
  OL: unsigned32,
  AT: unsigned32,
  UV: unsigned64,
  OV: unsigned64,
  FL: float32,
  OF: float32,
  FD: float64,
  OD: float64,
};

/** Eight hexadecimal digits a tag, as PS3.18 writes them. */
function tagValues(context: ValueContext, element: Element): readonly string[] {
  const halves = numberValues(context, { ...element, vr: "US" });
  return Array.from({ length: Math.floor(halves.length / 2) }, (_, index) =>
    [halves[index * 2]!, halves[index * 2 + 1]!]
      .map((half) => half.toString(16).toUpperCase().padStart(4, "0"))
      .join(""),
  );
}

function asLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
