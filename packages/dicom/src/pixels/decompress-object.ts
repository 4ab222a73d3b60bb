/** A whole object as an Explicit VR Little Endian file: decompressed where it is compressed, the same SOP Instance. */
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import { dataSetOf } from "../data-set/data-set-attributes.ts";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { PIXEL_DATA } from "../data-set/element.ts";
import { explicitLittleEndian, type Replacements } from "../data-set/write-explicit.ts";
import { part10Prefix } from "../data-set/write-part10.ts";
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "../uids/transfer-syntaxes.ts";
import { decodeFrame, frameCount } from "./decode-frame.ts";
import type { Frame } from "./frame.ts";
import { swapBytes } from "./stored-values.ts";

const PHOTOMETRIC_INTERPRETATION = 0x00280004;
const PLANAR_CONFIGURATION = 0x00280006;
const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const EXTENDED_OFFSET_TABLE_LENGTHS = 0x7fe00002;

/** All decoded frames of one object stand in memory at once: beyond this it is refused. */
const decodedLimitBytes = 1024 * 1024 * 1024;

/**
 * The chunks of a Part 10 file. Lossy Image Compression and its ratio stay: what was lost stays lost.
 * Refusal: as decodeFrame; DECODED_TOO_LARGE; PIXELS_WIDENED where the codec gives other samples than Bits Allocated says.
 */
export async function decompressObject(object: DicomObject): Promise<readonly Uint8Array[] | Refusal> {
  const replacements = await pixelReplacements(object);
  if (isRefusal(replacements)) return replacements;
  const dataSet = explicitLittleEndian(dataSetOf(object.attributes), replacements);
  if (isRefusal(dataSet)) return dataSet;
  const { sopClassUid, sopInstanceUid } = object;
  const prefix = part10Prefix({ sopClassUid, sopInstanceUid, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
  return [prefix, ...dataSet];
}

/** Native pixels keep their bytes: only their order changes, mostly with that of every other value. */
async function pixelReplacements(object: DicomObject): Promise<Replacements | Refusal> {
  const syntax = transferSyntaxOf(object.transferSyntaxUid);
  if (object.pixelData && (!syntax || (syntax.encapsulated && object.pixelData.kind === "native")))
    return refusal("UNSUPPORTED_TRANSFER_SYNTAX", "nobody can tell how the pixels are encoded");
  if (object.pixelData?.kind !== "encapsulated") return wideSamples(object);
  const frames = await decodeAll(object);
  if (isRefusal(frames)) return frames;
  const first = frames[0]!;
  const vr = first.pixels.BYTES_PER_ELEMENT === 1 ? "OB" : "OW";
  const colour = first.samplesPerPixel > 1 ? { vr: "US", value: Uint8Array.of(0, 0) } : undefined;
  const photometric = Buffer.from(first.photometricInterpretation, "latin1");
  return new Map([
    [PHOTOMETRIC_INTERPRETATION, { vr: "CS", value: photometric }],
    [PLANAR_CONFIGURATION, colour],
    [EXTENDED_OFFSET_TABLE, undefined],
    [EXTENDED_OFFSET_TABLE_LENGTHS, undefined],
    [PIXEL_DATA, { vr, value: Buffer.concat(frames.map(bytesOf)) }],
  ]);
}

/** Samples wider than 16 bits are reversed as a whole, though OW is made of words. */
function wideSamples({ bytes, pixelData, attributes, transferSyntaxUid }: DicomObject): Replacements {
  const bits = attributes.number("BitsAllocated") ?? 0;
  const isWide = transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN && (bits === 32 || bits === 64);
  if (!isWide || pixelData?.kind !== "native" || pixelData.keyword !== "PixelData") return new Map();
  const { offset, length } = pixelData;
  const value = swapBytes(bytes.subarray(offset, offset + length), bits / 8);
  return new Map([[PIXEL_DATA, { vr: "OW", value }]]);
}

async function decodeAll(object: DicomObject): Promise<readonly Frame[] | Refusal> {
  const count = frameCount(object);
  if (isRefusal(count)) return count;
  const bitsAllocated = object.attributes.number("BitsAllocated");
  const frames: Frame[] = [];
  for (let index = 0; index < count; index += 1) {
    const frame = await decodeFrame(object, index);
    if (isRefusal(frame)) return frame;
    if (frame.pixels.BYTES_PER_ELEMENT * 8 !== bitsAllocated)
      return refusal("PIXELS_WIDENED", "the decoded samples do not have the bits that the object allocates");
    if (frame.pixels.byteLength * count > decodedLimitBytes)
      return refusal("DECODED_TOO_LARGE", "the decoded object is larger than the limit");
    frames.push(frame);
  }
  return frames.length > 0 ? frames : refusal("PIXELS_MISSING", "the object has no frame");
}

function bytesOf({ pixels }: Frame): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
