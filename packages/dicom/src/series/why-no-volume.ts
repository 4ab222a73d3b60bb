/** Whether an object can be part of a volume at all, judged before its geometry. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";
import type { DicomObject } from "../data-set/dicom-object.ts";

/** SOP classes that hold pixels and are no source images, by the start of their UID (PS3.4 table B.5-1). */
const otherClasses: readonly (readonly [prefix: string, code: string, what: string])[] = [
  ["1.2.840.10008.5.1.4.1.1.7", "SECONDARY_CAPTURE", "a secondary capture"],
  ["1.2.840.10008.5.1.4.1.1.66.4", "SEGMENTATION", "a segmentation"],
  ["1.2.840.10008.5.1.4.1.1.66.7", "SEGMENTATION", "a segmentation"],
  ["1.2.840.10008.5.1.4.1.1.481", "RADIOTHERAPY_OBJECT", "a radiotherapy object"],
  ["1.2.840.10008.5.1.4.1.1.30", "PARAMETRIC_MAP", "a parametric map"],
  ["1.2.840.10008.5.1.4.1.1.77", "VISIBLE_LIGHT", "a visible light image"],
  ["1.2.840.10008.5.1.4.1.1.104", "DOCUMENT", "an encapsulated document"],
  ["1.2.840.10008.5.1.4.1.1.88", "DOCUMENT", "a structured report"],
];

const localizerTypes = new Set(["LOCALIZER", "SCOUT", "SURVIEW", "TOPOGRAM"]);

export function whyNoVolume(object: DicomObject): Refusal | undefined {
  return whyOtherClass(object.sopClassUid) ?? whyNoPixels(object) ?? whyLocalizer(object.attributes);
}

function whyOtherClass(sopClassUid: string): Refusal | undefined {
  const other = otherClasses.find(
    ([prefix]) => sopClassUid === prefix || sopClassUid.startsWith(`${prefix}.`),
  );
  return other && refusal(other[1], `It is ${other[2]}, not a source image.`);
}

function whyNoPixels({ attributes, pixelData }: DicomObject): Refusal | undefined {
  if (!attributes.has("Rows") && !pixelData) return refusal("NOT_AN_IMAGE", "It holds no image.");
  if (!pixelData) return refusal("NO_PIXEL_DATA", "It describes an image and holds no pixels.");
  const format = whyNoGreyMatrix(attributes);
  if (format) return format;
  if (pixelData.kind === "encapsulated") {
    const fragments = pixelData.fragments.length;
    if (fragments >= frameCount(attributes)) return undefined;
    return refusal("PIXELS_MISSING", `It holds ${fragments} fragments for ${frameCount(attributes)} frames.`);
  }
  const pixels = attributes.number("Rows")! * attributes.number("Columns")! * frameCount(attributes);
  const needed = (pixels * attributes.number("BitsAllocated")!) / 8;
  if (pixelData.length >= needed) return undefined;
  return refusal("PIXELS_MISSING", `It holds ${pixelData.length} of ${needed} bytes of pixels.`);
}

function whyNoGreyMatrix(attributes: Attributes): Refusal | undefined {
  if (!isCount(attributes.number("Rows")) || !isCount(attributes.number("Columns")))
    return refusal("BAD_MATRIX", "Rows or Columns is missing, zero or not a whole number.");
  const samples = attributes.number("SamplesPerPixel") ?? 1;
  if (samples !== 1 || attributes.string("PhotometricInterpretation") === "PALETTE COLOR")
    return refusal("COLOUR_IMAGE", "It is in colour: its pixels are no measured values.");
  const allocated = attributes.number("BitsAllocated") ?? 0;
  const stored = attributes.number("BitsStored") ?? allocated;
  if (![8, 16, 32, 64].includes(allocated) || stored < 1 || stored > allocated)
    return refusal("BAD_PIXEL_FORMAT", "Bits Allocated and Bits Stored do not describe whole bytes.");
  if (!isCount(frameCount(attributes)))
    return refusal("BAD_FRAME_COUNT", "Number of Frames is not a positive whole number.");
  return undefined;
}

function whyLocalizer(attributes: Attributes): Refusal | undefined {
  return attributes.strings("ImageType").some((value) => localizerTypes.has(value))
    ? refusal("LOCALIZER", "It is a localizer.")
    : undefined;
}

/** 1 where the attribute is absent or empty; NaN where it is no number. */
export function frameCount(attributes: Attributes): number {
  return attributes.numbers("NumberOfFrames")[0] ?? 1;
}

function isCount(value: number | undefined): value is number {
  return Number.isInteger(value) && value! > 0;
}
