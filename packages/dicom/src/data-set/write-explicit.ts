/**
 * A data set as it was read, written again in Explicit VR Little Endian (PS3.5 section 7.1.2): for a receiver that takes
 * nothing else. Values keep their bytes; only the byte order of binary values, VRs and lengths change. Sequences get
 * defined lengths, group lengths are left out. What an implicit data set does not tell and no dictionary knows is UN.
 */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import { littleEndian } from "./byte-order.ts";
import type { DataSetAttributes } from "./data-set-attributes.ts";
import { finalVr, valueBytes } from "./element-values.ts";
import type { Element } from "./element.ts";
import { longFormVrs } from "./value-representations.ts";

/** Values that take the place of the data set's own, by tag; undefined leaves an element out. Top level only. */
export type Replacements = ReadonlyMap<
  number,
  { readonly vr: string; readonly value: Uint8Array } | undefined
>;

/** Chunks to be written one after the other. Refusal: PIXELS_ENCAPSULATED where pixels inside have no replacement. */
export function explicitLittleEndian(
  dataSet: DataSetAttributes,
  replacements: Replacements,
): readonly Uint8Array[] | Refusal {
  const chunks: Uint8Array[] = [];
  const tags = new Set([...dataSet.elements.keys(), ...replacements.keys()].map((tag) => tag >>> 0));
  for (const tag of [...tags].toSorted((a, b) => a - b)) {
    if ((tag & 0xffff) === 0 || tag >>> 16 === 2) continue;
    const written = elementChunks(dataSet, tag, replacements);
    if (isRefusal(written)) return written;
    chunks.push(...written);
  }
  return chunks;
}

function elementChunks(
  dataSet: DataSetAttributes,
  tag: number,
  replacements: Replacements,
): readonly Uint8Array[] | Refusal {
  const replacement = replacements.get(tag) ?? replacements.get(tag | 0);
  if (replacement) return withHeader(tag, replacement.vr, [replacement.value]);
  if (replacements.has(tag) || replacements.has(tag | 0)) return [];
  const element = dataSet.elements.get(tag) ?? dataSet.elements.get(tag | 0);
  if (!element) return [];
  if (element.encapsulated) return refusal("PIXELS_ENCAPSULATED", "compressed pixels inside a sequence");
  if (element.items) return sequenceChunks(dataSet, element);
  const vr = finalVr(element.vr, dataSet.context.signedPixels);
  return withHeader(tag, vr, [littleEndian(valueBytes(dataSet.context, element), vr, element.littleEndian)]);
}

function sequenceChunks(dataSet: DataSetAttributes, element: Element): readonly Uint8Array[] | Refusal {
  const chunks: Uint8Array[] = [];
  for (const item of dataSet.itemsOf(element)) {
    const written = explicitLittleEndian(item, new Map());
    if (isRefusal(written)) return written;
    chunks.push(itemHeader(lengthOf(written)), ...written);
  }
  return withHeader(element.tag, "SQ", chunks);
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}

function itemHeader(length: number): Uint8Array {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}

/** A value too long for a 16-bit length becomes UN, as PS3.5 section 6.2.2 note 2 has it. */
function withHeader(tag: number, vr: string, value: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = lengthOf(value);
  const padding = length % 2 === 1 ? [Uint8Array.of(paddingOf(vr))] : [];
  const even = length + padding.length;
  const written = even > 0xfffe && !longFormVrs.has(vr) ? "UN" : vr;
  const isLong = longFormVrs.has(written);
  const header = Buffer.alloc(isLong ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(written, 4, "latin1");
  if (isLong) header.writeUInt32LE(even, 8);
  else header.writeUInt16LE(even, 6);
  return [header, ...value, ...padding];
}

const zeroPadded: ReadonlySet<string> = new Set(["UI", "OB", "OW", "UN"]);
const paddingOf = (vr: string): number => (zeroPadded.has(vr) ? 0 : 0x20);
