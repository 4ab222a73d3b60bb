/** One frame of compressed pixel data. What the code stream announces must agree with the data set before a codec sees it. */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import { DicomFault } from "../faults.ts";
import { inflateRaw } from "../data-set/inflate-data-set.ts";
import {
  jpeg2000Offset,
  readJpeg2000Header,
  readJpegHeader,
  type CodeStreamHeader,
} from "./code-stream-header.ts";
import { decodeNativeFrame, frameOf } from "./decode-native.ts";
import type { Frame } from "./frame.ts";
import { nativeFrameBits } from "./frame-location.ts";
import { decodeNatively } from "./codec-pool.ts";
import type { Decoded, NativeCodec } from "./codec-protocol.ts";
import { samplesPerFrame, type PixelDescription } from "./pixel-description.ts";
import { decodeRunLength } from "./run-length.ts";
import { storedValues } from "./stored-values.ts";

type FrameDecoder = (
  encoded: Uint8Array,
  description: PixelDescription,
) => Frame | Refusal | Promise<Frame | Refusal>;

const jpeg: FrameDecoder = (encoded, description) =>
  decodeCodeStream("jpeg", encoded, readJpegHeader(encoded), description);
const jpegLs: FrameDecoder = (encoded, description) =>
  decodeCodeStream("jpegLs", encoded, readJpegHeader(encoded), description);
const jpeg2000: FrameDecoder = (encoded, description) => decodeJpeg2000("jpeg2000", encoded, description);
const htJpeg2000: FrameDecoder = (encoded, description) => decodeJpeg2000("htJpeg2000", encoded, description);

function uncompressed(bytes: Uint8Array, description: PixelDescription): Frame | Refusal {
  return decodeNativeFrame({ bytes, swappedBytes: 1, keyword: "PixelData" }, description, 0);
}

/** By the last parts of the transfer syntax UID under 1.2.840.10008.1.2. */
const decoders: Readonly<Record<string, FrameDecoder>> = {
  "1.98": uncompressed,
  "4.50": jpeg,
  "4.51": jpeg,
  "4.53": jpeg,
  "4.55": jpeg,
  "4.57": jpeg,
  "4.70": jpeg,
  "4.80": jpegLs,
  "4.81": jpegLs,
  "4.90": jpeg2000,
  "4.91": jpeg2000,
  "4.201": htJpeg2000,
  "4.202": htJpeg2000,
  "4.203": htJpeg2000,
  "5": runLength,
  "8.1": deflatedFrame,
};

export function frameDecoderOf(transferSyntaxUid: string): FrameDecoder | undefined {
  const root = "1.2.840.10008.1.2.";
  const suffix = transferSyntaxUid.slice(root.length);
  return transferSyntaxUid.startsWith(root) && Object.hasOwn(decoders, suffix) ? decoders[suffix] : undefined;
}

function runLength(encoded: Uint8Array, description: PixelDescription): Frame | Refusal {
  const raw = decodeRunLength(encoded, description);
  if (isRefusal(raw)) return raw;
  if (description.bitsAllocated === 1) return uncompressed(raw, description);
  const values = storedValues(raw, { ...description, planar: false });
  return isRefusal(values) ? values : frameOf(description, values);
}

/** Deflated Image Frame Compression: each frame is a raw deflate stream of what a native frame would be. */
function deflatedFrame(encoded: Uint8Array, description: PixelDescription): Frame | Refusal {
  const evenBytes = Math.ceil(nativeFrameBits(description) / 16) * 2;
  try {
    const { bytes } = inflateRaw(encoded, evenBytes);
    return uncompressed(bytes, description);
  } catch (error) {
    if (!(error instanceof DicomFault)) throw error;
    return refusal("CODEC_FAILED", "the deflated frame is larger than Rows and Columns say");
  }
}

function decodeJpeg2000(codec: NativeCodec, encoded: Uint8Array, description: PixelDescription) {
  const offset = jpeg2000Offset(encoded);
  const stream = offset > 0 ? encoded.subarray(offset) : encoded;
  const header = offset >= 0 ? readJpeg2000Header(stream) : undefined;
  return decodeCodeStream(codec, stream, header, description);
}

async function decodeCodeStream(
  codec: NativeCodec,
  stream: Uint8Array,
  header: CodeStreamHeader | undefined,
  description: PixelDescription,
): Promise<Frame | Refusal> {
  if (!header) return refusal("CODEC_FAILED", "the fragment holds no code stream of its transfer syntax");
  if (!sameImage(header, description))
    return refusal("CODEC_FAILED", "the code stream announces another image than the data set");
  try {
    const decoded = await decodeNatively(codec, stream, description);
    return frameFrom(decoded, header, description);
  } catch {
    // The codec's own message may quote the stream; the transfer syntax says which codec it was.
    return refusal("CODEC_FAILED", "the code stream cannot be decoded");
  }
}

function sameImage(header: CodeStreamHeader, description: PixelDescription): boolean {
  return (
    header.rows === description.rows &&
    header.columns === description.columns &&
    header.components === description.samplesPerPixel &&
    header.bitsPerSample <= description.bitsAllocated
  );
}

/**
 * Codecs give one container a sample, lowest bits first. The stream's precision counts where it is wider than Bits
 * Stored claims, and its sign where JPEG 2000 states one.
 */
function frameFrom(
  decoded: Decoded,
  header: CodeStreamHeader,
  description: PixelDescription,
): Frame | Refusal {
  const bitsStored = Math.max(description.bitsStored, header.bitsPerSample);
  const found: PixelDescription = {
    ...description,
    bitsStored,
    highBit: bitsStored - 1,
    bitsAllocated: (decoded.bytes.length * 8) / samplesPerFrame(description),
    planar: decoded.planar && description.samplesPerPixel > 1,
    photometricInterpretation: decodedPhotometric(description.photometricInterpretation),
  };
  if (![8, 16, 32].includes(found.bitsAllocated))
    return refusal("CODEC_FAILED", "the codec gave another number of bytes than a frame has");
  const values = storedValues(decoded.bytes, found);
  return isRefusal(values) ? values : frameOf(found, values);
}

/** JPEG 2000 undoes its colour transforms itself; JPEG's shared chroma is spread over the pixels. */
function decodedPhotometric(coded: string): string {
  if (coded === "YBR_RCT" || coded === "YBR_ICT") return "RGB";
  return /^YBR_(FULL|PARTIAL)_42[02]$/.test(coded) ? "YBR_FULL" : coded;
}
