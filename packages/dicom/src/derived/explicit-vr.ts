/**
 * Explicit VR Little Endian (PS3.5 section 7.1.2), text in UTF-8, sequences and items of defined length. Own code and not
 * dcmjs, because what the images of a series have in common is encoded once: the references to hundreds of source
 * images would else take most of the time of writing each image.
 */
import { entryOfKeyword } from "../data-set/dicom-dictionary.ts";
import { isWritable } from "./value-check.ts";
import type { Element, Elements, Value } from "./elements.ts";

/** Whole elements by tag, header and value apart: pixels of hundreds of megabytes are not copied to be joined. */
export type EncodedElements = ReadonlyMap<number, readonly Buffer[]>;

const longHeader = new Set(["OB", "OF", "OW", "SQ", "UC", "UT"]);
const longest16BitLength = 0xfffe;
const itemTag = 0xfffee000;

/** @throws RangeError for a value that its value representation cannot hold: a bug in what was put together. */
export function encodeElements(elements: Elements): EncodedElements {
  const encoded = new Map<number, readonly Buffer[]>();
  for (const [keyword, element] of elements) {
    const { tag } = entryOfKeyword(keyword);
    const value = valueOf(element, keyword);
    encoded.set(tag, [elementHeader(tag, element.vr, value), value]);
  }
  return encoded;
}

/** The data set's bytes in the order of the tags, as PS3.5 section 7.1 asks. */
export function dataSetBytes(elements: EncodedElements): readonly Buffer[] {
  return [...elements].toSorted(([one], [other]) => one - other).flatMap(([, bytes]) => bytes);
}

function valueOf(element: Element, keyword: string): Buffer {
  if ("items" in element) return Buffer.concat(element.items.map(itemBytes));
  // Typed arrays are little-endian on every machine that Node runs on.
  if ("words" in element) {
    const { buffer, byteOffset, byteLength } = element.words;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    return byteLength % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  }
  const width = numberWidths[element.vr];
  return width === undefined
    ? textBytes(element.vr, element.values, keyword)
    : numberBytes(element.vr, width, element.values);
}

function itemBytes(item: Elements): Buffer {
  const content = Buffer.concat(dataSetBytes(encodeElements(item)));
  return Buffer.concat([tagAndLength(itemTag, content.length), content]);
}

function elementHeader(tag: number, vr: string, value: Buffer): Buffer {
  const head = Buffer.alloc(longHeader.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, "latin1");
  if (longHeader.has(vr)) head.writeUInt32LE(value.length, 8);
  else if (value.length > longest16BitLength) throw new RangeError(`a value too long for ${vr}`);
  else head.writeUInt16LE(value.length, 6);
  return head;
}

function tagAndLength(tag: number, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.writeUInt32LE(length, 4);
  return head;
}

/** Padded to an even length: a UID by a zero, other text by a space. */
function textBytes(vr: string, values: readonly Value[], keyword: string): Buffer {
  if (!values.every((value) => isWritable(vr, String(value))))
    throw new RangeError(`no ${vr} value for ${keyword}`);
  const text = Buffer.from(values.join("\\"), "utf8");
  return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === "UI" ? "\0" : " ")]);
}

const numberWidths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

function numberBytes(vr: string, width: number, values: readonly Value[]): Buffer {
  const bytes = Buffer.alloc(width * values.length);
  for (const [index, value] of values.entries()) writeNumber(bytes, vr, Number(value), index * width);
  return bytes;
}

/** Buffer's integer writers throw a RangeError for what does not fit. */
function writeNumber(bytes: Buffer, vr: string, value: number, offset: number): void {
  switch (vr) {
    case "US":
      bytes.writeUInt16LE(value, offset);
      return;
    case "SS":
      bytes.writeInt16LE(value, offset);
      return;
    case "UL":
      bytes.writeUInt32LE(value, offset);
      return;
    case "SL":
      bytes.writeInt32LE(value, offset);
      return;
    case "AT":
      bytes.writeUInt16LE(value >>> 16, offset);
      bytes.writeUInt16LE(value & 0xffff, offset + 2);
      return;
    case "FL":
      bytes.writeFloatLE(value, offset);
      return;
    case "FD":
      bytes.writeDoubleLE(value, offset);
      return;
    default:
      throw new RangeError(`no number representation: ${vr}`);
  }
}
