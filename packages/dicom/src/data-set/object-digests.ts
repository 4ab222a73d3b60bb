/**
 * What makes two objects the same: the data set's bytes, or, over another transfer syntax, equal attributes and equal
 * decoded pixels. Group 0002 never counts.
 */
import { createHash, type Hash } from "node:crypto";
import type { Digest } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { decodeFrame, frameCount } from "../pixels/decode-frame.ts";
import { dataSetOf, type DataSetAttributes } from "./data-set-attributes.ts";
import type { DicomObject } from "./dicom-object.ts";
import { textValues, valueBytes } from "./element-values.ts";
import { isPixelTag, type Element } from "./element.ts";

/** SHA-256 of the data set as it was encoded. */
export function dataSetDigest(object: DicomObject): Digest {
  return hex(createHash("sha256").update(object.bytes.subarray(object.dataSetOffset)));
}

/**
 * SHA-256 of every attribute but the pixels, independent of the encoding. Left out is what a lossless change of transfer
 * syntax changes: group lengths, offset tables, padding, Photometric Interpretation and Planar Configuration.
 */
export function attributesDigest(object: DicomObject): Digest {
  const hash = createHash("sha256");
  hashDataSet(hash, dataSetOf(object.attributes));
  return hex(hash);
}

/**
 * SHA-256 of the stored values of all frames; where they cannot be decoded, of the encoded pixels and their transfer
 * syntax, so that two unreadable images are never taken for the same by mistake. Undefined where there are no pixels.
 */
export async function pixelDigest(object: DicomObject): Promise<Digest | undefined> {
  return (await decodedDigest(object)) ?? encodedDigest(object);
}

async function decodedDigest(object: DicomObject): Promise<Digest | undefined> {
  const count = frameCount(object);
  if (isRefusal(count) || count === 0) return undefined;
  const hash = createHash("sha256");
  for (let frameIndex = 0; frameIndex < count; frameIndex++) {
    const frame = await decodeFrame(object, frameIndex);
    if (isRefusal(frame)) return undefined;
    const { pixels, rows, columns, samplesPerPixel } = frame;
    hash.update(`${pixels.constructor.name} ${rows} ${columns} ${samplesPerPixel} `);
    hash.update(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  }
  return hex(hash);
}

function encodedDigest({ bytes, pixelData, transferSyntaxUid }: DicomObject): Digest | undefined {
  if (!pixelData) return undefined;
  const hash = createHash("sha256").update(`${transferSyntaxUid} `);
  const runs = pixelData.kind === "native" ? [pixelData] : pixelData.fragments;
  for (const { offset, length } of runs) hash.update(bytes.subarray(offset, offset + length));
  return hex(hash);
}

const transferSyntaxTags: ReadonlySet<number> = new Set([
  0x00280004, 0x00280006, 0x7fe00001, 0x7fe00002, 0xfffcfffc,
]);

function hashDataSet(hash: Hash, dataSet: DataSetAttributes): void {
  const counted = [...dataSet.elements.values()].filter(({ tag }) => isCounted(tag));
  for (const element of counted.toSorted((a, b) => (a.tag >>> 0) - (b.tag >>> 0)))
    hashElement(hash, dataSet, element);
}

function isCounted(tag: number): boolean {
  const isGroupLength = (tag & 0xffff) === 0;
  return !isGroupLength && tag >>> 16 !== 2 && !isPixelTag(tag) && !transferSyntaxTags.has(tag >>> 0);
}

function hashElement(hash: Hash, dataSet: DataSetAttributes, element: Element): void {
  hash.update(`${(element.tag >>> 0).toString(16)} `);
  if (element.items) {
    for (const item of dataSet.itemsOf(element)) {
      hash.update("item ");
      hashDataSet(hash, item);
    }
    return void hash.update("end ");
  }
  // The bytes of a private or binary value are compared as they are: only a dictionary could say what they mean.
  const isPrivate = ((element.tag >>> 16) & 1) === 1;
  if (isPrivate || binary.has(element.vr)) return hashValue(hash, valueBytes(dataSet.context, element));
  hashValue(hash, Buffer.from(JSON.stringify(textValues(dataSet.context, element))));
}

/** With its length, so that no value can be written that reads like the elements after it. */
function hashValue(hash: Hash, value: Uint8Array): void {
  hash.update(`${value.length} `).update(value);
}

const binary: ReadonlySet<string> = new Set(["OB", "OW", "OD", "OF", "OL", "OV", "UN", "ox"]);

const hex = (hash: Hash): Digest => hash.digest("hex") as Digest;
