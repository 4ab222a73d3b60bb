/**
 * One frame of an object as stored values. Refusals, never exceptions:
 * PIXELS_MISSING, PIXELS_SHORT, BAD_PIXEL_DESCRIPTION, FRAMES_AMBIGUOUS, UNSUPPORTED_TRANSFER_SYNTAX, CODEC_FAILED.
 */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import { dataSetOf } from "../data-set/data-set-attributes.ts";
import type { DicomObject, PixelData } from "../data-set/dicom-object.ts";
import { PIXEL_DATA } from "../data-set/element.ts";
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntaxOf } from "../uids/transfer-syntaxes.ts";
import { frameDecoderOf } from "./decode-encapsulated.ts";
import { decodeNativeFrame, type NativePixels } from "./decode-native.ts";
import type { Frame } from "./frame.ts";
import { countFrames, encapsulatedFrame } from "./frame-location.ts";
import { readPixelDescription, type PixelDescription } from "./pixel-description.ts";
import { swapBytes } from "./stored-values.ts";

type NativePixelData = Extract<PixelData, { kind: "native" }>;

/** Frames that the object really has; Number of Frames counts only as far as the data goes. */
export function frameCount(object: DicomObject): number | Refusal {
  if (!object.pixelData) return refusal("PIXELS_MISSING", "the object has no pixel data");
  const description = readPixelDescription(object.attributes);
  return isRefusal(description) ? description : countFrames(object.pixelData, description);
}

/** @param frameIndex counts from 0. */
export async function decodeFrame(object: DicomObject, frameIndex: number): Promise<Frame | Refusal> {
  const { pixelData: pixels, transferSyntaxUid } = object;
  if (!pixels) return refusal("PIXELS_MISSING", "the object has no pixel data");
  const description = readPixelDescription(object.attributes);
  if (isRefusal(description)) return description;
  if (frameIndex >= description.claimedFrames)
    return refusal("PIXELS_MISSING", "the object has no such frame");

  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (pixels.kind === "native") {
    if (!syntax || syntax.encapsulated)
      return refusal("UNSUPPORTED_TRANSFER_SYNTAX", "pixel data without fragments in such a transfer syntax");
    return decodeNativeFrame(nativePixels(object, pixels, description), description, frameIndex);
  }
  const decode = frameDecoderOf(transferSyntaxUid);
  if (!decode) return refusal("UNSUPPORTED_TRANSFER_SYNTAX", "no codec for the transfer syntax");
  const encoded = encapsulatedFrame(object, pixels, description, frameIndex);
  return isRefusal(encoded) ? encoded : decode(encoded, description);
}

/**
 * Explicit VR Big Endian reverses the bytes of a sample; samples of 8 bits or less in OW are reversed in pairs, across
 * the borders of frames, so that the whole is reversed at once (PS3.5 7.3 and 8.1.2).
 */
function nativePixels(
  object: DicomObject,
  pixels: NativePixelData,
  description: PixelDescription,
): NativePixels {
  const { offset, length, keyword } = pixels;
  const bytes = object.bytes.subarray(offset, offset + length);
  if (object.transferSyntaxUid !== EXPLICIT_VR_BIG_ENDIAN) return { bytes, swappedBytes: 1, keyword };
  const { bitsAllocated } = description;
  if (bitsAllocated > 8) return { bytes, swappedBytes: bitsAllocated / 8, keyword };
  const words = dataSetOf(object.attributes).elements.get(PIXEL_DATA)?.vr === "OW";
  return { bytes: words ? swapBytes(bytes, 2) : bytes, swappedBytes: 1, keyword };
}
