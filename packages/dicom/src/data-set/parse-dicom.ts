/**
 * Bytes to a DicomObject. What can be read is read and the rest becomes a warning; only an object that cannot be
 * identified is a fault. The transfer syntax of the result is the one that the bytes have, which is not always the one
 * that the file claims.
 */
import { DicomFault } from "../faults.ts";
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "../uids/transfer-syntaxes.ts";
import type { Attributes } from "./attributes.ts";
import { DataSetAttributes } from "./data-set-attributes.ts";
import type { DicomObject, PixelData } from "./dicom-object.ts";
import { explicitLittle, isPixelTag, PIXEL_DATA, type Element, type ElementSet } from "./element.ts";
import type { Encoding } from "./element.ts";
import { entryOfTag } from "./dicom-dictionary.ts";
import { readFileMeta } from "./file-meta.ts";
import { guessEncoding } from "./guess-encoding.ts";
import { inflateRaw } from "./inflate-data-set.ts";
import { objectIdentity } from "./object-identity.ts";
import { readElements, readFragmentsWithin } from "./read-elements.ts";
import {
  defaultReadLimits,
  readerState,
  stop,
  warn,
  type ReaderState,
  type ReadLimits,
} from "./reader-state.ts";

type Source = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly claimedUid: string | undefined;
  readonly meta: Attributes | undefined;
  readonly warnings: readonly string[];
};

/**
 * Any DICOM file, or a bare data set whose encoding is then guessed.
 * @throws DicomFault when the object cannot be identified.
 */
export function parseDicom(bytes: Uint8Array, limits: ReadLimits = defaultReadLimits): DicomObject {
  return parse(fileSource(bytes), limits, false);
}

/** As parseDicom, but ends before the pixel data, so the start of a file is enough; `pixelData` is absent. */
export function readHeader(bytes: Uint8Array, limits: ReadLimits = defaultReadLimits): DicomObject {
  return parse(fileSource(bytes), limits, true);
}

/**
 * The data set of a DIMSE message, which has no meta information.
 * @param transferSyntaxUid as negotiated for the presentation context.
 * @throws DicomFault when the object cannot be identified.
 */
export function parseDataSet(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  limits: ReadLimits = defaultReadLimits,
): DicomObject {
  const source = { bytes, offset: 0, claimedUid: transferSyntaxUid, meta: undefined, warnings: [] };
  return parse(source, limits, false);
}

function fileSource(bytes: Uint8Array): Source {
  const meta = readFileMeta(bytes);
  const claimedUid = meta.attributes.string("TransferSyntaxUID");
  const { attributes, warnings } = meta;
  return { bytes, offset: meta.dataSetOffset, claimedUid, meta: attributes, warnings };
}

function parse(source: Source, limits: ReadLimits, stopAtPixels: boolean): DicomObject {
  const warnings = [...source.warnings];
  const { bytes, offset, cut } = inflated(source, limits, warnings);
  const state = readerState(bytes, limits, stopAtPixels, warnings);
  if (offset >= bytes.length) stop(state, "TRUNCATED", "there is no data set");
  const { encoding, transferSyntaxUid } = effectiveSyntax(state, offset, source.claimedUid);
  const read = readElements(state, { offset, end: bytes.length, level: 0, encoding });
  if (cut) stop(state, "CORRUPT_DEFLATE", "the deflate stream is cut or corrupt");
  const recognised = source.meta?.has("TransferSyntaxUID") || [...read.value.keys()].some(entryOfTag);
  if (!recognised) throw new DicomFault("NOT_DICOM", "no attribute could be read");

  const attributes = new DataSetAttributes(bytes, read.value);
  if (attributes.unknownCharacterSets.length > 0) warn(state, "unknown character set");
  const identity = objectIdentity(state, attributes, source.meta);
  const pixelData = findPixelData(state, read.value, transferSyntaxUid);
  const object = { bytes, dataSetOffset: offset, transferSyntaxUid, ...identity, attributes, warnings };
  return pixelData ? { ...object, pixelData } : object;
}

/** A deflated data set stands in memory twice: as received and inflated. */
function inflated(
  source: Source,
  limits: ReadLimits,
  warnings: string[],
): { bytes: Uint8Array; offset: number; cut: boolean } {
  const { bytes, offset } = source;
  if (source.claimedUid !== DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN) return { bytes, offset, cut: false };
  const deflated = bytes.subarray(offset);
  const result = inflateRaw(deflated, inflateLimit(deflated.length, limits));
  if (result.complete || guessEncoding(result.bytes, 0)) {
    return { bytes: result.bytes, offset: 0, cut: !result.complete };
  }
  if (!guessEncoding(bytes, offset)) {
    throw new DicomFault("CORRUPT_DEFLATE", "the deflate stream gives no data set");
  }
  warn({ warnings }, "the data set is not deflated, though its transfer syntax says so");
  return { bytes, offset, cut: false };
}

/** Images of air deflate well, but a small file has no business becoming a large one: 64 times, or 64 MiB. */
function inflateLimit(deflatedBytes: number, limits: ReadLimits): number {
  return Math.min(limits.inflatedBytes, Math.max(64 * deflatedBytes, 64 * 1024 * 1024));
}

function effectiveSyntax(
  state: ReaderState,
  offset: number,
  claimedUid: string | undefined,
): { encoding: Encoding; transferSyntaxUid: string } {
  const guessed = guessEncoding(state.bytes, offset);
  const claimed = claimedUid === undefined ? undefined : transferSyntaxOf(claimedUid);
  if (claimedUid !== undefined && !claimed) {
    warn(state, "unknown transfer syntax");
    return { encoding: guessed ?? explicitLittle, transferSyntaxUid: claimedUid };
  }
  if (!claimed) {
    warn(state, "no transfer syntax: guessed");
    return { encoding: guessed ?? explicitLittle, transferSyntaxUid: uidOf(guessed ?? explicitLittle) };
  }
  const agrees =
    !guessed || (guessed.explicit === claimed.explicit && guessed.littleEndian === claimed.littleEndian);
  if (agrees) return { encoding: claimed, transferSyntaxUid: claimed.uid };
  warn(state, "the bytes are not in the transfer syntax that is claimed");
  return { encoding: guessed, transferSyntaxUid: claimed.encapsulated ? claimed.uid : uidOf(guessed) };
}

function uidOf(encoding: Encoding): string {
  if (!encoding.explicit) return IMPLICIT_VR_LITTLE_ENDIAN;
  return encoding.littleEndian ? EXPLICIT_VR_LITTLE_ENDIAN : EXPLICIT_VR_BIG_ENDIAN;
}

const pixelKeywords = new Map([
  [PIXEL_DATA, "PixelData"],
  [0x7fe00008, "FloatPixelData"],
  [0x7fe00009, "DoubleFloatPixelData"],
] as const);

function findPixelData(
  state: ReaderState,
  elements: ElementSet,
  transferSyntaxUid: string,
): PixelData | undefined {
  const element = [...elements.values()].find(({ tag }) => isPixelTag(tag));
  if (!element) return undefined;
  const encapsulated = element.encapsulated ?? fragmentsOfDefinedLength(state, element, transferSyntaxUid);
  if (encapsulated) return { kind: "encapsulated", ...encapsulated };
  const keyword = pixelKeywords.get(element.tag as typeof PIXEL_DATA)!;
  return { kind: "native", offset: element.offset, length: element.length, keyword };
}

function fragmentsOfDefinedLength(state: ReaderState, element: Element, transferSyntaxUid: string) {
  if (!transferSyntaxOf(transferSyntaxUid)?.encapsulated) return undefined;
  return readFragmentsWithin(state, element);
}
