import { expect, test } from "vitest";
import { isRefusal } from "@releve/domain/refusal";
import { decodeRunLength } from "./run-length.ts";
import type { PixelDescription } from "./pixel-description.ts";

function description(more: Partial<PixelDescription>): PixelDescription {
  return {
    rows: 1,
    columns: 24,
    samplesPerPixel: 1,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    signed: false,
    planar: false,
    photometricInterpretation: "MONOCHROME2",
    claimedFrames: 1,
    ...more,
  };
}

function frame(...segments: readonly (readonly number[])[]): Uint8Array {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = 64;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(offset, 4 + 4 * index);
    offset += segment.length;
  });
  return Buffer.concat([header, Buffer.from(segments.flat())]);
}

const code = (result: Uint8Array | { refused: string }) => (isRefusal(result) ? result.refused : "decoded");

/** The example of Apple's Technical Note 1023, which defines PackBits. */
const packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
const unpacked = "aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa";

test("the PackBits example decodes to what it was", () => {
  const result = decodeRunLength(frame(packed), description({}));
  expect(Buffer.from(result as Uint8Array).toString("hex")).toBe(unpacked);
});

test("16 bits come as two segments, high bytes first; colours as three", () => {
  const words = decodeRunLength(
    frame([1, 0x12, 0x34], [1, 0x56, 0x78]),
    description({ columns: 2, bitsAllocated: 16 }),
  );
  expect(words).toEqual(Uint8Array.of(0x56, 0x12, 0x78, 0x34));
  const colours = decodeRunLength(
    frame([0xff, 1], [0xff, 2], [0xff, 3]),
    description({ columns: 2, samplesPerPixel: 3 }),
  );
  expect(colours).toEqual(Uint8Array.of(1, 2, 3, 1, 2, 3));
});

test.each([
  ["CODEC_FAILED", frame(packed).subarray(0, 40)],
  ["CODEC_FAILED", frame(packed, packed)],
  ["CODEC_FAILED", Buffer.concat([Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(80)])],
  ["PIXELS_SHORT", frame(packed.slice(0, 6))],
  ["PIXELS_SHORT", frame([0x7f, 1, 2])],
])("%s where the frame is broken", (expected, encoded) => {
  expect(code(decodeRunLength(encoded, description({})))).toBe(expected);
});

test("a short frame of a huge image is refused before the image is allocated", () => {
  const huge = description({ rows: 20_000, columns: 20_000 });
  expect(code(decodeRunLength(frame(packed), huge))).toBe("PIXELS_SHORT");
});
