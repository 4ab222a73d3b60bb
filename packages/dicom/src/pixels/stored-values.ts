/** Raw bytes of one frame to stored values: container, bit field, sign (PS3.5 section 8.1.1), samples side by side. */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Frame } from "./frame.ts";
import { samplesPerFrame, type PixelDescription } from "./pixel-description.ts";

/** @param raw Little Endian, at least one frame; a copy of what is needed is made. */
export function storedValues(raw: Uint8Array, description: PixelDescription): Frame["pixels"] | Refusal {
  const samples = samplesPerFrame(description);
  const bytes = samples * (description.bitsAllocated / 8);
  if (raw.length < bytes) return refusal("PIXELS_SHORT", "there are fewer bytes than a frame needs");
  const copy = new Uint8Array(bytes);
  copy.set(raw.subarray(0, bytes));
  const values = container(copy.buffer, description);
  if (isRefusal(values)) return values;
  if (description.bitsStored < description.bitsAllocated) extractField(values, description);
  return description.planar ? sideBySide(values, description) : values;
}

type IntegerArray = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

function container(buffer: ArrayBuffer, { bitsAllocated, signed }: PixelDescription): IntegerArray | Refusal {
  if (bitsAllocated === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (bitsAllocated === 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  if (bitsAllocated === 32) return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
  return refusal("BAD_PIXEL_DESCRIPTION", `integers of ${bitsAllocated} bits are not supported`);
}

/** Other bits of the container may hold overlays or noise: shift the field to the top and back, with or without sign. */
function extractField(values: IntegerArray, { bitsStored, highBit, signed }: PixelDescription): void {
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  for (let index = 0; index < values.length; index += 1) {
    const top = values[index]! << up;
    values[index] = signed ? top >> down : top >>> down;
  }
}

function sideBySide(planes: IntegerArray, { samplesPerPixel }: PixelDescription): IntegerArray {
  const values = planes.slice();
  const pixels = planes.length / samplesPerPixel;
  for (let sample = 0; sample < samplesPerPixel; sample += 1)
    for (let pixel = 0; pixel < pixels; pixel += 1)
      values[pixel * samplesPerPixel + sample] = planes[sample * pixels + pixel]!;
  return values;
}

/** Reverses the bytes of each container in a copy; for Explicit VR Big Endian. */
export function swapBytes(raw: Uint8Array, bytesPerSample: number): Uint8Array {
  const copy = Buffer.from(raw.subarray(0, raw.length - (raw.length % bytesPerSample)));
  if (bytesPerSample === 2) return copy.swap16();
  if (bytesPerSample === 4) return copy.swap32();
  return bytesPerSample === 8 ? copy.swap64() : copy;
}

/** Single bits, first pixel in the lowest bit; frames follow each other without a gap (PS3.5 8.1.1, annex D). */
export function unpackBits(packed: Uint8Array, firstBit: number, count: number): Uint8Array | Refusal {
  if (firstBit + count > packed.length * 8)
    return refusal("PIXELS_SHORT", "there are fewer bits than a frame needs");
  const values = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const bit = firstBit + index;
    values[index] = (packed[bit >> 3]! >> (bit & 7)) & 1;
  }
  return values;
}

/** Y1 Y2 Cb Cr for two pixels to Y Cb Cr each (PS3.3 C.7.6.3.1.2); the chroma is the pair's, not interpolated. */
export function expandYbr422(raw: Uint8Array, { rows, columns }: PixelDescription): Uint8Array {
  const values = new Uint8Array(rows * columns * 3);
  for (let pixel = 0; pixel < rows * columns; pixel += 1) {
    const pair = (pixel >> 1) * 4;
    values[pixel * 3] = raw[pair + (pixel & 1)]!;
    values[pixel * 3 + 1] = raw[pair + 2]!;
    values[pixel * 3 + 2] = raw[pair + 3]!;
  }
  return values;
}
