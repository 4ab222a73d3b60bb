import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { sharedData } from "@releve/testkit/shared-data";
import { describe, expect, test } from "vitest";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { encapsulated, encapsulatedFile, field, file } from "../data-set/encode.fixture.ts";
import { imageFields, ordered, type Form } from "../data-set/encode.fixture.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { decodeFrame, frameCount } from "./decode-frame.ts";

type Shape = Parameters<typeof imageFields>[2];

function native(
  rows: number,
  columns: number,
  shape: Shape,
  bytes: Uint8Array,
  form: Form = "explicit little",
) {
  const vr = (shape?.bitsAllocated ?? 16) <= 8 ? "OB" : "OW";
  return parseDicom(file(ordered(...imageFields(rows, columns, shape), field(0x7fe00010, vr, bytes)), form));
}

async function values(object: DicomObject, frameIndex = 0): Promise<readonly number[] | string> {
  const frame = await decodeFrame(object, frameIndex);
  return isRefusal(frame) ? frame.refused : Array.from(frame.pixels);
}

describe("uncompressed", () => {
  test("bits outside the stored ones are masked, and the sign is extended", async () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0x00, 0xf8, 0xff, 0x07, 0x01, 0xf0);
    expect(await values(native(2, 2, { bitsStored: 12 }, bytes))).toEqual([4095, 2048, 2047, 1]);
    expect(await values(native(2, 2, { bitsStored: 12, signed: 1 }, bytes))).toEqual([-1, -2048, 2047, 1]);
  });

  test("8, 16 and 32 bits, signed and not, in both byte orders", async () => {
    expect(await values(native(1, 2, { bitsAllocated: 8, signed: 1 }, Uint8Array.of(255, 1)))).toEqual([
      -1, 1,
    ]);
    const two = Uint8Array.of(0x12, 0x34, 0xff, 0xfe);
    expect(await values(native(1, 2, {}, two))).toEqual([0x3412, 0xfeff]);
    expect(await values(native(1, 2, { signed: 1 }, two, "explicit big"))).toEqual([0x1234, -2]);
    expect(await values(native(1, 1, { bitsAllocated: 32 }, two, "explicit big"))).toEqual([0x1234fffe]);
  });

  test("single bits lie in a row across frames, the lowest first", async () => {
    const object = native(1, 3, { bitsAllocated: 1, frames: 2 }, Uint8Array.of(0b101110, 0));
    expect(await values(object, 0)).toEqual([0, 1, 1]);
    expect(await values(object, 1)).toEqual([1, 0, 1]);
  });

  test("planes become samples side by side", async () => {
    const fields = imageFields(1, 2, { bitsAllocated: 8, samples: 3 }).map((one) =>
      one.tag === 0x00280006 ? field(0x00280006, "US", [1]) : one,
    );
    const pixels = field(0x7fe00010, "OB", Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(await values(parseDicom(file(ordered(...fields, pixels), "explicit little")))).toEqual([
      1, 3, 5, 2, 4, 6,
    ]);
  });

  test("Number of Frames is believed only as far as the data goes", async () => {
    const object = native(1, 2, { frames: 1_000_000 }, Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0));
    expect(frameCount(object)).toBe(2);
    expect(await values(object, 1)).toEqual([3, 4]);
    expect(await values(object, 2)).toBe("PIXELS_SHORT");
  });

  test("bytes are copied: changing a frame does not change the object", async () => {
    const object = native(1, 2, {}, Uint8Array.of(1, 0, 2, 0));
    const frame = await decodeFrame(object, 0);
    if (isRefusal(frame)) throw new Error(frame.reason);
    frame.pixels[0] = 99;
    expect(await values(object)).toEqual([1, 2]);
  });
});

describe("refused with a reason", () => {
  const shape = (tag: number, value: readonly number[]) =>
    ordered(
      ...imageFields(2, 2).map((one) => (one.tag === tag ? field(tag, "US", value) : one)),
      field(0x7fe00010, "OW", [1, 2, 3, 4]),
    );
  test.each([
    ["no Rows", 0x00280010, []],
    ["Columns 0", 0x00280011, [0]],
    ["Bits Allocated 12", 0x00280100, [12]],
    ["Bits Stored 17", 0x00280101, [17]],
    ["High Bit 3", 0x00280102, [3]],
    ["Samples per Pixel 2", 0x00280002, [2]],
  ])("%s", async (_, tag, value) => {
    expect(await values(parseDicom(file(shape(tag, value), "explicit little")))).toBe(
      "BAD_PIXEL_DESCRIPTION",
    );
  });

  test("no pixels, too few, a transfer syntax nobody knows, no such frame", async () => {
    expect(await values(parseDicom(file(ordered(...imageFields(2, 2)), "explicit little")))).toBe(
      "PIXELS_MISSING",
    );
    expect(await values(native(65535, 65535, { bitsAllocated: 8 }, Uint8Array.of(1, 2)))).toBe(
      "BAD_PIXEL_DESCRIPTION",
    );
    expect(await values(native(2, 2, {}, Uint8Array.of(1, 2)))).toBe("PIXELS_SHORT");
    const fields = [...ordered(...imageFields(2, 2)), encapsulated([Uint8Array.of(1, 2)])];
    expect(await values(parseDicom(encapsulatedFile(fields, "1.2.3.4.5")))).toBe(
      "UNSUPPORTED_TRANSFER_SYNTAX",
    );
    const jpeg = parseDicom(encapsulatedFile(fields, "1.2.840.10008.1.2.4.70"));
    expect(await values(jpeg)).toBe("CODEC_FAILED");
    expect(await values(jpeg, 1)).toBe("PIXELS_MISSING");
  });
});

const syntaxes = sharedData("transfer-syntaxes");

test.skipIf(!syntaxes)("every transfer syntax decodes to the reference pixels", async () => {
  const reference = JSON.parse(readFileSync(join(syntaxes!, "reference.json"), "utf8")) as Record<
    string,
    { sha256_le?: string | null }
  >;
  let compared = 0;
  for (const [name, { sha256_le: known }] of Object.entries(reference)) {
    if (!known) continue;
    compared += 1;
    const digest = await digestOfFrames(parseDicom(readFileSync(join(syntaxes!, name))));
    expect(`${name} ${digest}`).toBe(`${name} ${known}`);
  }
  expect(compared).toBe(39);
});

async function digestOfFrames(object: DicomObject): Promise<string> {
  const hash = createHash("sha256");
  for (let index = 0; index < (frameCount(object) as number); index += 1) {
    const frame = await decodeFrame(object, index);
    if (isRefusal(frame)) return frame.refused;
    hash.update(new Uint8Array(frame.pixels.buffer));
  }
  return hash.digest("hex");
}

const enhanced = sharedData("multiframe-enhanced/pydicom");

test.skipIf(!enhanced).each([
  ["emri_small", 6],
  ["liver_nonbyte_aligned", 4],
])("%s is the same in all its encodings", async (name, count) => {
  const files = readdirSync(enhanced!).filter((one) => one.startsWith(name));
  const digests = new Set<string>();
  for (const one of files) digests.add(await digestOfFrames(parseDicom(readFileSync(join(enhanced!, one)))));
  expect(files).toHaveLength(count);
  expect([...digests]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

const oddities = sharedData("oddities-real/pydicom");

test.skipIf(!oddities)(
  "a JPEG 2000 stream that says unsigned gives what Pixel Representation says",
  async () => {
    const object = parseDicom(readFileSync(join(oddities!, "J2K_pixelrep_mismatch.dcm")));
    const pixels = (await values(object)) as number[];
    // Known answers of pydicom's own test of this file.
    expect(pixels[0]).toBe(-2000);
    expect(Array.from({ length: 10 }, (_, row) => pixels[(47 + row) * 512 + 279])).toEqual([
      621, 412, 138, -193, -520, -767, -907, -966, -988, -995,
    ]);
  },
);

test.skipIf(!oddities)("8-bit samples in words of Explicit Big Endian are put in order", async () => {
  const little = parseDicom(readFileSync(join(oddities!, "SC_rgb_small_odd.dcm")));
  const big = parseDicom(readFileSync(join(oddities!, "SC_rgb_small_odd_big_endian.dcm")));
  expect(await values(big)).toEqual(await values(little));
});
