/** The DICOM JSON model (PS3.18 annex F) of a data set: metadata for WADO-RS. Group 0002 and group lengths are left out. */
import { dataSetOf, type DataSetAttributes } from "../data-set/data-set-attributes.ts";
import type { Attributes } from "../data-set/attributes.ts";
import { implicitVrOf } from "../data-set/dicom-dictionary.ts";
import { littleEndian } from "../data-set/byte-order.ts";
import { finalVr, textValues, valueBytes } from "../data-set/element-values.ts";
import { isPixelTag, type Element } from "../data-set/element.ts";
import { jsonNumbers } from "./json-numbers.ts";

export type JsonAttribute = {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
};
export type DicomJson = { readonly [tag: string]: JsonAttribute };

/** A binary value up to this many bytes travels in the text; so does every one inside a sequence. */
const inlineMaxBytes = 1024;

/** @param bulkDataUri gives the address of a top-level element's bytes, by its eight hexadecimal digits. */
export function toDicomJson(attributes: Attributes, bulkDataUri: (tag: string) => string): DicomJson {
  return jsonOf(dataSetOf(attributes), bulkDataUri);
}

function jsonOf(dataSet: DataSetAttributes, bulkDataUri: ((tag: string) => string) | undefined): DicomJson {
  const counted = [...dataSet.elements.values()].filter(
    ({ tag }) => tag >>> 16 !== 2 && (tag & 0xffff) !== 0,
  );
  const sorted = counted.toSorted((a, b) => (a.tag >>> 0) - (b.tag >>> 0));
  return Object.fromEntries(
    sorted.map((element) => [hexTag(element.tag), attributeOf(dataSet, element, bulkDataUri)]),
  );
}

export const hexTag = (tag: number): string => (tag >>> 0).toString(16).toUpperCase().padStart(8, "0");

function attributeOf(
  dataSet: DataSetAttributes,
  element: Element,
  bulkDataUri: ((tag: string) => string) | undefined,
): JsonAttribute {
  if (element.items) {
    const items = dataSet.itemsOf(element).map((item) => jsonOf(item, undefined));
    return withValue("SQ", items);
  }
  const known = element.vr === "UN" ? implicitVrOf(element.tag) : element.vr;
  const vr = finalVr(known, dataSet.context.signedPixels);
  const typed = { ...element, vr };
  if (isPixelTag(element.tag) || binary.has(vr)) return binaryOf(dataSet, typed, bulkDataUri);
  return withValue(vr, valuesOf(dataSet, typed));
}

const binary: ReadonlySet<string> = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);
const numeric: ReadonlySet<string> = new Set(["DS", "IS", "FL", "FD", "SL", "SS", "UL", "US", "SV", "UV"]);

const withValue = (vr: string, Value: readonly unknown[]): JsonAttribute =>
  Value.length > 0 ? { vr, Value } : { vr };

function binaryOf(
  dataSet: DataSetAttributes,
  element: Element,
  bulkDataUri: ((tag: string) => string) | undefined,
): JsonAttribute {
  const { vr, length } = element;
  const isBulk = isPixelTag(element.tag) || length > inlineMaxBytes;
  if (bulkDataUri && isBulk) return { vr, BulkDataURI: bulkDataUri(hexTag(element.tag)) };
  const bytes = element.encapsulated
    ? new Uint8Array()
    : littleEndian(valueBytes(dataSet.context, element), vr, element.littleEndian);
  return bytes.length > 0 ? { vr, InlineBinary: Buffer.from(bytes).toString("base64") } : { vr };
}

function valuesOf(dataSet: DataSetAttributes, element: Element): readonly unknown[] {
  if (numeric.has(element.vr)) return jsonNumbers(dataSet.context, element);
  const texts = textValues(dataSet.context, element);
  if (element.vr === "PN") return texts.map(personName);
  return texts.map((text) => (text === "" ? null : text));
}

const groupNames = ["Alphabetic", "Ideographic", "Phonetic"] as const;

function personName(text: string): Readonly<Record<string, string>> | null {
  const groups = text
    .split("=")
    .slice(0, groupNames.length)
    .map((group, index) => [groupNames[index]!, group] as const)
    .filter(([, group]) => group !== "");
  return groups.length > 0 ? Object.fromEntries(groups) : null;
}
