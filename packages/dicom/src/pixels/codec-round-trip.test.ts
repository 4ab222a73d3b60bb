/** A slice that we make, encoded by the codecs' own encoders and by hand, comes back bit for bit. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { deflateRawSync } from "node:zlib";
import { isRefusal } from "@releve/domain/refusal";
import type * as DcmjsCodecs from "dcmjs-codecs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encapsulated, encapsulatedFile, imageFields, ordered } from "../data-set/encode.fixture.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { CodecPool } from "./codec-pool.ts";
import { decodeFrame, frameCount } from "./decode-frame.ts";
import type { Frame } from "./frame.ts";

const { Context, NativeCodecs } = createRequire(import.meta.url)("dcmjs-codecs") as typeof DcmjsCodecs;

const rows = 37;
const columns = 45;

type Kind = { readonly bits: number; readonly signed: boolean };
const kinds: readonly Kind[] = [
  { bits: 8, signed: false },
  { bits: 12, signed: false },
  { bits: 16, signed: false },
  { bits: 16, signed: true },
];

/** A slope with steps and a little noise, over the whole range of the kind. */
function slice({ bits, signed }: Kind, seed = 1): Uint8Array | Uint16Array | Int16Array {
  const size = rows * columns;
  const values = bits === 8 ? new Uint8Array(size) : signed ? new Int16Array(size) : new Uint16Array(size);
  const span = 2 ** bits;
  for (let index = 0; index < size; index += 1) {
    const value = Math.floor((index * span) / size + ((index * 7919 * seed) % 13)) % span;
    values[index] = signed ? value - span / 2 : value;
  }
  return values;
}

const bytesOf = (values: Frame["pixels"]) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function contextOf(kind: Kind, seed = 1): DcmjsCodecs.Context {
  return new Context({
    width: columns,
    height: rows,
    bitsAllocated: kind.bits > 8 ? 16 : 8,
    bitsStored: kind.bits,
    samplesPerPixel: 1,
    pixelRepresentation: kind.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    decodedBuffer: bytesOf(slice(kind, seed)),
  });
}

const encoders: Record<string, (context: DcmjsCodecs.Context) => DcmjsCodecs.Context> = {
  "5": (context) => NativeCodecs.encodeRle(context),
  "4.57": (context) => NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 6 }),
  "4.70": (context) => NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1 }),
  "4.80": (context) => NativeCodecs.encodeJpegLs(context, { lossy: false }),
  "4.90": (context) => NativeCodecs.encodeJpeg2000(context, { lossy: false }),
  "4.201": (context) => NativeCodecs.encodeHtJpeg2000(context, { lossy: false }),
};

function encodedBy(suffix: string, kind: Kind, seed = 1): Uint8Array {
  return encoders[suffix]!(contextOf(kind, seed)).getEncodedBuffer()!;
}

function objectOf(
  suffix: string,
  kind: Kind,
  fragments: readonly Uint8Array[],
  frames = 1,
  offsets?: number[],
) {
  const shape = {
    bitsAllocated: kind.bits > 8 ? 16 : 8,
    bitsStored: kind.bits,
    signed: kind.signed ? 1 : 0,
    frames,
  };
  const fields = [...ordered(...imageFields(rows, columns, shape)), encapsulated(fragments, offsets)];
  return parseDicom(encapsulatedFile(fields, `1.2.840.10008.1.2.${suffix}`));
}

async function decoded(object: ReturnType<typeof objectOf>, frameIndex = 0) {
  const frame = await decodeFrame(object, frameIndex);
  return isRefusal(frame) ? frame.refused : frame.pixels;
}

beforeAll(() => NativeCodecs.initializeAsync());

describe.each(Object.keys(encoders))("1.2.840.10008.1.2.%s", (suffix) => {
  test.each(kinds)("$bits bits, signed $signed: exact", async (kind) => {
    expect(await decoded(objectOf(suffix, kind, [encodedBy(suffix, kind)]))).toEqual(slice(kind));
  });
});

function broken(good: Uint8Array, round: number): Uint8Array {
  const bytes = Uint8Array.from(good);
  for (let flip = 0; flip < 8; flip += 1) {
    const at = (round * 7907 + flip * 104_729) % bytes.length;
    bytes[at] = bytes[at]! ^ (1 << (flip % 8));
  }
  return bytes.subarray(0, bytes.length - round * 20);
}

const kind16 = kinds[2]!;
const frame16 = { rows, columns, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, signed: false };

describe("a pool that waits for half a second", () => {
  const spawn = () => new Worker(new URL("./codec-worker.ts", import.meta.url));
  const pool = new CodecPool({ workers: 1, limitMs: () => 500, spawn });
  afterAll(() => pool.close());

  test.each([
    ["jpeg", "4.70"],
    ["jpegLs", "4.80"],
    ["jpeg2000", "4.90"],
    ["htJpeg2000", "4.201"],
  ] as const)(
    "%s: broken streams fail or are read, in time, and the next good one is exact",
    async (codec, suffix) => {
      const good = encodedBy(suffix, kind16);
      for (let round = 1; round <= 5; round += 1)
        await pool.decode(codec, broken(good, round), frame16).catch(() => undefined);
      const { bytes } = await pool.decode(codec, good, frame16);
      expect(new Uint16Array(bytes.buffer)).toEqual(slice(kind16));
    },
  );

  test("a stream that makes the codec loop for many seconds is given up, and others wait their turn", async () => {
    const good = encodedBy("4.80", kind16);
    // One byte too many sends the JPEG-LS decoder around 2^31 times.
    const looping = Buffer.concat([broken(good, 1), Buffer.alloc(1)]);
    const both = await Promise.allSettled([
      pool.decode("jpegLs", looping, frame16),
      pool.decode("jpegLs", good, frame16),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});

const wide = kinds[1]!;

test("frames of several fragments are told apart with and without an offset table", async () => {
  const frames = [1, 2, 3].map((seed) => evened(encodedBy("4.80", wide, seed)));
  const halves = frames.flatMap((frame) => [frame.subarray(0, 200), frame.subarray(200)]);
  const offsets = frames.map((_, index) =>
    halves.slice(0, index * 2).reduce((sum, half) => sum + half.length + 8, 0),
  );
  for (const table of [offsets, [], [7, 8, 9]]) {
    const object = objectOf("4.80", wide, halves, 3, table);
    expect(frameCount(object)).toBe(3);
    expect(await decoded(object, 1)).toEqual(slice(wide, 2));
    expect(await decoded(object, 2)).toEqual(slice(wide, 3));
  }
});

const evened = (bytes: Uint8Array) =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);

test("fragments that nothing assigns to frames are refused rather than mixed", async () => {
  const half = evened(encodedBy("4.80", wide)).subarray(4);
  expect(await decoded(objectOf("4.80", wide, [half, half, half, half], 3), 1)).toBe("FRAMES_AMBIGUOUS");
});

test("a code stream that announces another image never reaches the codec", async () => {
  const stream = encodedBy("4.90", wide);
  const huge = Uint8Array.from(stream);
  new DataView(huge.buffer).setUint32(8, 60_000);
  expect(await decoded(objectOf("4.90", wide, [huge]))).toBe("CODEC_FAILED");
});

test("frames deflated one by one, and no more of them than a frame holds", async () => {
  const frame = deflateRawSync(bytesOf(slice(wide)));
  expect(await decoded(objectOf("8.1", wide, [frame]))).toEqual(slice(wide));
  expect(await decoded(objectOf("8.1", wide, [deflateRawSync(Buffer.alloc(1_000_000))]))).toBe(
    "CODEC_FAILED",
  );
});
