/** A data set as a DICOM file (PS3.10): Explicit VR Little Endian, text in UTF-8. dcmjs does the encoding. */
// @ts-ignore dcmjs ships no types
import dcmjs from "dcmjs";
import type { Element, Elements } from "./elements.ts";
import { entryOfKeyword } from "../data-set/dicom-dictionary.ts";
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from "../data-set/write-part10.ts";

const explicitVrLittleEndian = "1.2.840.10008.1.2.1";

type DcmjsElement = { vr: string; Value: unknown[] };

/** `elements` must hold SOPClassUID and SOPInstanceUID. */
export function encodePart10(elements: Elements): Uint8Array<ArrayBuffer> {
  const file = new dcmjs.data.DicomDict({
    "00020001": { vr: "OB", Value: [new Uint8Array([0, 1]).buffer] },
    "00020002": { vr: "UI", Value: valuesOf(elements, "SOPClassUID") },
    "00020003": { vr: "UI", Value: valuesOf(elements, "SOPInstanceUID") },
    "00020010": { vr: "UI", Value: [explicitVrLittleEndian] },
    "00020012": { vr: "UI", Value: [IMPLEMENTATION_CLASS_UID] },
    "00020013": { vr: "SH", Value: [IMPLEMENTATION_VERSION_NAME] },
  });
  file.dict = dcmjsDataSet(elements);
  return new Uint8Array(file.write({ fragmentMultiframe: false }));
}

function valuesOf(elements: Elements, keyword: string): unknown[] {
  const element = elements.get(keyword);
  if (!element || !("values" in element) || element.values.length !== 1)
    throw new TypeError(`a DICOM file needs one ${keyword}`);
  return [...element.values];
}

function dcmjsDataSet(elements: Elements): Record<string, DcmjsElement> {
  return Object.fromEntries(
    [...elements].map(([keyword, element]) => [hexTag(keyword), dcmjsElement(element)]),
  );
}

function hexTag(keyword: string): string {
  return entryOfKeyword(keyword).tag.toString(16).toUpperCase().padStart(8, "0");
}

function dcmjsElement(element: Element): DcmjsElement {
  if ("items" in element) return { vr: "SQ", Value: element.items.map(dcmjsDataSet) };
  if ("words" in element) return { vr: "OW", Value: [exactBuffer(element.words)] };
  return { vr: element.vr, Value: [...element.values] };
}

/** Typed arrays are little-endian on every machine that Node runs on. */
function exactBuffer(words: Uint16Array | Int16Array): ArrayBufferLike {
  const whole = words.byteOffset === 0 && words.byteLength === words.buffer.byteLength;
  return whole ? words.buffer : words.slice().buffer;
}
