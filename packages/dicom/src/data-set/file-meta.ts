/** Where the parts of a file lie (PS3.10 section 7.1): preamble, file meta information, data set. */
import { DicomFault } from "../faults.ts";
import { DataSetAttributes } from "./data-set-attributes.ts";
import { readElementHeader } from "./element-header.ts";
import { explicitLittle, type Element, type ElementSet } from "./element.ts";
import { guessEncoding } from "./guess-encoding.ts";
import { defaultReadLimits, readerState, readTag, warn, type ReaderState } from "./reader-state.ts";

export type FileMeta = {
  readonly attributes: DataSetAttributes;
  /** The first byte after group 0002. */
  readonly dataSetOffset: number;
  readonly warnings: readonly string[];
};

/** More than any writer puts into group 0002. */
const metaElementLimit = 64;

/** Where the data set of a Part 10 file starts; 0 where the bytes are a bare data set. @throws DicomFault NOT_DICOM */
export function dataSetOffset(bytes: Uint8Array): number {
  return readFileMeta(bytes).dataSetOffset;
}

/** @throws DicomFault NOT_DICOM when there is neither the DICM mark nor something like a data set. */
export function readFileMeta(bytes: Uint8Array): FileMeta {
  const state = readerState(bytes, defaultReadLimits, true);
  const start = metaOffset(bytes, state.warnings);
  const { elements, end } = readMetaElements(state, start);
  if (elements.size === 0) warn(state, "no file meta information");
  const attributes = new DataSetAttributes(bytes, elements);
  return { attributes, dataSetOffset: end, warnings: state.warnings };
}

/** "DICM" may also stand at 128 by chance, in the middle of a bare data set: then what follows is no group 0002. */
function metaOffset(bytes: Uint8Array, warnings: string[]): number {
  if (isMark(bytes, 128) && (isMetaGroup(bytes, 132) || !guessEncoding(bytes, 0))) return 132;
  warn({ warnings }, "no preamble");
  if (isMark(bytes, 0)) return 4;
  if (isMetaGroup(bytes, 0) || guessEncoding(bytes, 0)) return 0;
  throw new DicomFault("NOT_DICOM", "neither a DICOM file nor a data set");
}

function isMark(bytes: Uint8Array, offset: number): boolean {
  return [0x44, 0x49, 0x43, 0x4d].every((byte, index) => bytes[offset + index] === byte);
}

function isMetaGroup(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 2 && bytes[offset + 1] === 0;
}

/** Always Explicit VR Little Endian. The group's end is found by its elements; its length is only compared. */
function readMetaElements(state: ReaderState, start: number): { elements: ElementSet; end: number } {
  const elements = new Map<number, Element>();
  let offset = start;
  while (offset + 8 <= state.bytes.length && elements.size < metaElementLimit) {
    const tag = readTag(state, offset, true);
    if (tag >>> 16 !== 2) break;
    const header = readElementHeader(state, offset, explicitLittle);
    const end = header ? header.valueOffset + header.length : Number.POSITIVE_INFINITY;
    if (!header || end > state.bytes.length) {
      warn(state, "the file ends within its meta information", tag);
      return { elements, end: state.bytes.length };
    }
    const { vr, valueOffset, length } = header;
    if (!elements.has(tag)) elements.set(tag, { tag, vr, offset: valueOffset, length, littleEndian: true });
    offset = end;
  }
  checkGroupLength(state, elements, offset);
  return { elements, end: offset };
}

function checkGroupLength(state: ReaderState, elements: ElementSet, end: number): void {
  if (elements.size === 0) return;
  const group = elements.get(0x00020000);
  if (!group) return warn(state, "no group length", 0x00020000);
  const claimed = group.length === 4 ? state.view.getUint32(group.offset, true) : Number.NaN;
  if (group.offset + 4 + claimed !== end) warn(state, "wrong group length", 0x00020000);
}
