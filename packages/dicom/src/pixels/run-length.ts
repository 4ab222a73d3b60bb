/** RLE Lossless (PS3.5 annex G): byte planes, most significant first, each packed by PackBits. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { PixelDescription } from "./pixel-description.ts";

const headerBytes = 64;

/** PackBits makes at most 128 bytes of 2: a frame that needs more is short, and is refused before it is allocated. */
const mostBytesPerByte = 64;

/**
 * @returns samples side by side, Little Endian, `rows * columns * samplesPerPixel * bitsAllocated / 8` bytes; for single
 * bits their packed bytes. Segments may be longer than needed (padding) but never shorter.
 */
export function decodeRunLength(encoded: Uint8Array, description: PixelDescription): Uint8Array | Refusal {
  const { rows, columns, samplesPerPixel, bitsAllocated } = description;
  const bytesPerSample = Math.ceil(bitsAllocated / 8);
  const segments = samplesPerPixel * bytesPerSample;
  if (encoded.length < headerBytes) return refusal("CODEC_FAILED", "the RLE header is cut off");
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (view.getUint32(0, true) !== segments)
    return refusal("CODEC_FAILED", "the RLE header does not have the segments that the pixels need");
  const samples = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
  if (samples * segments > encoded.length * mostBytesPerByte)
    return refusal("PIXELS_SHORT", "the RLE frame is too short for Rows and Columns");
  const pixels = new Uint8Array(samples * segments);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : encoded.length;
    if (start < headerBytes || start > end || end > encoded.length)
      return refusal("CODEC_FAILED", "an RLE segment lies outside its frame");
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    const target = { pixels, first: sample * bytesPerSample + byte, step: segments };
    if (!unpackSegment(encoded.subarray(start, end), target))
      return refusal("PIXELS_SHORT", "an RLE segment ends before its plane is full");
  }
  return pixels;
}

type Plane = { readonly pixels: Uint8Array; readonly first: number; readonly step: number };

/** PackBits into every `step`th byte. False when the segment ends too early. */
function unpackSegment(packed: Uint8Array, { pixels, first, step }: Plane): boolean {
  let from = 0;
  let to = first;
  while (to < pixels.length && from < packed.length) {
    const control = packed[from]!;
    from += 1;
    if (control === 128) continue;
    const repeats = control > 128;
    const count = repeats ? 257 - control : control + 1;
    if (!repeats && from + count > packed.length) return false;
    for (let index = 0; index < count && to < pixels.length; index += 1, to += step)
      pixels[to] = packed[repeats ? from : from + index] ?? 0;
    from += repeats ? 1 : count;
  }
  return to >= pixels.length;
}
