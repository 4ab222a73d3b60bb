/** One frame of pixel data that is not compressed: bits, integers, floats, chroma shared by two pixels. */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Frame } from "./frame.ts";
import { nativeFrameBits } from "./frame-location.ts";
import { samplesPerFrame, type PixelDescription } from "./pixel-description.ts";
import { expandYbr422, storedValues, swapBytes, unpackBits } from "./stored-values.ts";

export type NativePixels = {
  /** From the first frame on; may end early. */
  readonly bytes: Uint8Array;
  /** Bytes of the unit that is in reverse order; 1 for none. */
  readonly swappedBytes: number;
  readonly keyword: "PixelData" | "FloatPixelData" | "DoubleFloatPixelData";
};

export function decodeNativeFrame(
  native: NativePixels,
  description: PixelDescription,
  frameIndex: number,
): Frame | Refusal {
  const bits = nativeFrameBits(description);
  if (description.bitsAllocated === 1) {
    const values = unpackBits(native.bytes, frameIndex * bits, samplesPerFrame(description));
    return isRefusal(values) ? values : frameOf(description, values);
  }
  const bytes = bits / 8;
  const raw = native.bytes.subarray(frameIndex * bytes, (frameIndex + 1) * bytes);
  if (raw.length < bytes) return refusal("PIXELS_SHORT", "the pixel data ends before the frame does");
  const ordered = native.swappedBytes === 1 ? raw : swapBytes(raw, native.swappedBytes);
  if (native.keyword !== "PixelData") return floatFrame(ordered, native.keyword, description);
  if (bits !== samplesPerFrame(description) * description.bitsAllocated) {
    if (description.bitsAllocated !== 8)
      return refusal("BAD_PIXEL_DESCRIPTION", "YBR_FULL_422 needs 8 bits a sample");
    return frameOf(
      { ...description, photometricInterpretation: "YBR_FULL" },
      expandYbr422(ordered, description),
    );
  }
  const values = storedValues(ordered, description);
  return isRefusal(values) ? values : frameOf(description, values);
}

function floatFrame(
  ordered: Uint8Array,
  keyword: "FloatPixelData" | "DoubleFloatPixelData",
  description: PixelDescription,
): Frame | Refusal {
  const bits = keyword === "FloatPixelData" ? 32 : 64;
  if (description.bitsAllocated !== bits)
    return refusal("BAD_PIXEL_DESCRIPTION", `${keyword} needs ${bits} bits allocated`);
  const copy = new Uint8Array(ordered);
  return frameOf(description, bits === 32 ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer));
}

export function frameOf(description: PixelDescription, pixels: Frame["pixels"]): Frame {
  const { rows, columns, samplesPerPixel, bitsStored, photometricInterpretation } = description;
  return { rows, columns, samplesPerPixel, bitsStored, photometricInterpretation, pixels };
}
