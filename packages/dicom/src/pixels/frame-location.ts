/**
 * Which bytes are frame n? Native frames lie at equal distances. Encapsulated frames are fragments, grouped by the
 * Extended or Basic Offset Table where it fits the fragments, else by count, else by where code streams start
 * (PS3.5 annex A.4). A table that does not fit is ignored; a guess that would mix frames is refused.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { DicomObject, PixelData } from "../data-set/dicom-object.ts";
import { samplesPerFrame, type PixelDescription } from "./pixel-description.ts";

type EncapsulatedPixels = Extract<PixelData, { kind: "encapsulated" }>;
type Fragment = EncapsulatedPixels["fragments"][number];

/** Bits of one native frame. YBR_FULL_422 stores two bytes a pixel (PS3.3 C.7.6.3.1.2). */
export function nativeFrameBits(description: PixelDescription): number {
  if (description.photometricInterpretation === "YBR_FULL_422" && description.samplesPerPixel === 3)
    return description.rows * description.columns * 2 * description.bitsAllocated;
  return samplesPerFrame(description) * description.bitsAllocated;
}

/** The frames that are really there: Number of Frames is believed only as far as the data goes. */
export function countFrames(pixels: PixelData, description: PixelDescription): number {
  const { claimedFrames } = description;
  if (pixels.kind === "encapsulated") return Math.min(claimedFrames, pixels.fragments.length);
  return Math.min(claimedFrames, Math.floor((pixels.length * 8) / nativeFrameBits(description)));
}

/** @returns the encoded bytes of one frame of encapsulated pixel data; a copy where it spans fragments. */
export function encapsulatedFrame(
  object: DicomObject,
  pixels: EncapsulatedPixels,
  description: PixelDescription,
  frameIndex: number,
): Uint8Array | Refusal {
  const groups = groupFragments(object, pixels, description.claimedFrames);
  if (!groups) return refusal("FRAMES_AMBIGUOUS", "the fragments cannot be told apart into frames");
  const group = groups[frameIndex];
  if (!group || group.length === 0) return refusal("PIXELS_MISSING", "the object has no such frame");
  const parts = group.map(({ offset, length }) => object.bytes.subarray(offset, offset + length));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function groupFragments(
  object: DicomObject,
  pixels: EncapsulatedPixels,
  claimedFrames: number,
): readonly (readonly Fragment[])[] | undefined {
  const { fragments } = pixels;
  if (fragments.length <= 1) return [fragments];
  if (claimedFrames === 1) return isRle(object) ? fragments.map((one) => [one]) : [fragments];
  const extended = groupByOffsets(fragments, extendedOffsets(object), claimedFrames);
  if (extended) return extended;
  if (fragments.length === claimedFrames || isRle(object)) return fragments.map((one) => [one]);
  return (
    groupByOffsets(fragments, pixels.basicOffsets, claimedFrames) ??
    groupByStarts(object, fragments, claimedFrames)
  );
}

/** RLE frames are one fragment each (PS3.5 A.4.2). */
function isRle(object: DicomObject): boolean {
  return object.transferSyntaxUid === "1.2.840.10008.1.2.5";
}

/** Offsets count from the first byte of the first item after the table; a fragment's item starts 8 bytes before it. */
function groupByOffsets(
  fragments: readonly Fragment[],
  offsets: readonly number[],
  claimedFrames: number,
): readonly (readonly Fragment[])[] | undefined {
  if (offsets.length !== claimedFrames) return undefined;
  const base = fragments[0]!.offset;
  const starts = new Map(offsets.map((offset, frame) => [offset, frame]));
  if (starts.get(0) !== 0 || starts.size !== claimedFrames) return undefined;
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const frame = starts.get(fragment.offset - base);
    if (frame !== undefined && frame !== groups.length) return undefined;
    if (frame === undefined) groups.at(-1)!.push(fragment);
    else groups.push([fragment]);
  }
  return groups.length === claimedFrames ? groups : undefined;
}

function extendedOffsets(object: DicomObject): readonly number[] {
  return object.attributes.numbers("ExtendedOffsetTable");
}

function groupByStarts(
  object: DicomObject,
  fragments: readonly Fragment[],
  claimedFrames: number,
): readonly (readonly Fragment[])[] | undefined {
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = groups.at(-1);
    if (startsCodeStream(object.bytes, fragment) || !last) groups.push([fragment]);
    else last.push(fragment);
  }
  return groups.length === claimedFrames ? groups : undefined;
}

/** SOI of JPEG and JPEG-LS, SOC of JPEG 2000, or the signature box of JP2. */
function startsCodeStream(bytes: Uint8Array, { offset, length }: Fragment): boolean {
  if (length < 4) return false;
  const [a, b, c] = bytes.subarray(offset, offset + 3);
  if (a === 0xff && c === 0xff) return b === 0xd8 || b === 0x4f;
  return a === 0 && b === 0 && c === 0 && bytes[offset + 3] === 0x0c;
}
