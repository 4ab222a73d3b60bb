/** A compressed CT series on disk: slices of the phantom that `bench -- kernels` has, encoded by the encoders of our own codecs. */
import { createRequire } from "node:module";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { part10Prefix } from "@releve/dicom/data-set/write-part10";
import { benchSlice } from "./kernels-volume.ts";

export type SeriesCodec = "JPEG-LS" | "HTJ2K";

export const edge = 512;
export const sliceCount = 500;
/** Each of them ten times: encoding is not what is measured. */
const distinct = 50;

const transferSyntaxes: Readonly<Record<SeriesCodec, string>> = {
  "JPEG-LS": "1.2.840.10008.1.2.4.80",
  HTJ2K: "1.2.840.10008.1.2.4.201",
};

/** @returns the files, in order. */
export async function writeSeries(dir: string, codec: SeriesCodec): Promise<string[]> {
  await mkdir(dir);
  const encode = await encoderOf(codec);
  const streams = Array.from({ length: distinct }, (_, index) => encode(benchSlice(index * 6)));
  const files = Array.from({ length: sliceCount }, (_, index) =>
    join(dir, `${String(index).padStart(4, "0")}.dcm`),
  );
  for (const [index, file] of files.entries())
    await writeFile(file, objectBytes(streams[index % distinct]!, transferSyntaxes[codec], index));
  return files;
}

/** What slice number `index` of the series must be when it is decoded. */
export const seriesSlice = (index: number): Int16Array => benchSlice((index % distinct) * 6);

/** The part of dcmjs-codecs that encodes: it belongs to the dicom package, and nothing but tests and this asks for it. */
type Codecs = {
  readonly Context: new (image: object) => { getEncodedBuffer: () => Uint8Array };
  readonly NativeCodecs: Readonly<
    Record<
      "encodeJpegLs" | "encodeHtJpeg2000",
      (context: object, options: object) => { getEncodedBuffer: () => Uint8Array }
    >
  > & { readonly initializeAsync: () => Promise<void> };
};

async function encoderOf(codec: SeriesCodec): Promise<(slice: Int16Array) => Uint8Array> {
  const beside = createRequire(import.meta.resolve("@releve/dicom/pixels/codec-pool"));
  const { Context, NativeCodecs } = beside("dcmjs-codecs") as Codecs;
  await NativeCodecs.initializeAsync();
  const method = codec === "JPEG-LS" ? "encodeJpegLs" : "encodeHtJpeg2000";
  return (slice) => {
    const image = {
      width: edge,
      height: edge,
      bitsAllocated: 16,
      bitsStored: 16,
      samplesPerPixel: 1,
      pixelRepresentation: 1,
      planarConfiguration: 0,
      photometricInterpretation: "MONOCHROME2",
      decodedBuffer: new Uint8Array(slice.buffer),
    };
    return NativeCodecs[method](new Context(image), { lossy: false }).getEncodedBuffer();
  };
}

const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";

function objectBytes(stream: Uint8Array, transferSyntaxUid: string, index: number): Buffer {
  const sopInstanceUid = `1.2.3.1.${index + 1}`;
  const even = stream.length % 2 === 0 ? stream : Buffer.concat([stream, Buffer.alloc(1)]);
  return Buffer.concat([
    part10Prefix({ sopClassUid: ctImageStorage, sopInstanceUid, transferSyntaxUid }),
    text(0x0008, 0x0016, "UI", ctImageStorage),
    text(0x0008, 0x0018, "UI", sopInstanceUid),
    text(0x0020, 0x000d, "UI", "1.2.3"),
    text(0x0020, 0x000e, "UI", "1.2.3.1"),
    number(0x0002, 1),
    text(0x0028, 0x0004, "CS", "MONOCHROME2"),
    number(0x0010, edge),
    number(0x0011, edge),
    number(0x0100, 16),
    number(0x0101, 16),
    number(0x0102, 15),
    number(0x0103, 1),
    // Undefined length: an empty offset table, one fragment, the delimiter.
    Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]),
    item(0xe000, 0),
    item(0xe000, even.length),
    even,
    item(0xe0dd, 0),
  ]);
}

function text(group: number, element: number, vr: string, value: string): Buffer {
  const padded = value.length % 2 === 0 ? value : value + (vr === "UI" ? "\0" : " ");
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, "latin1");
  head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, Buffer.from(padded, "latin1")]);
}

/** An unsigned short of group 0028. */
function number(element: number, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return text(0x0028, element, "US", bytes.toString("latin1"));
}

function item(element: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(0xfffe, 0);
  bytes.writeUInt16LE(element, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}
