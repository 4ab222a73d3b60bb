/**
 * Writes what an application computed as DICOM images: a new series in the source's study and frame of reference. Facts
 * about patient, order and acquisition are copied by allow-list; everything else is stated anew. UIDs depend on the job,
 * the series' key and the image's index only, so that a repeated job writes the same objects.
 */
import type { Uid } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";
import { clipText } from "./clip-text.ts";
import { copyAttributes } from "./copy-attributes.ts";
import { decimalString } from "./decimal-string.ts";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import type { DerivedImage, DerivedSeries } from "./derived-series.ts";
import { dicomTime } from "./dicom-time.ts";
import { elementsOf, merged, type Elements } from "./elements.ts";
import { classicAttributes } from "./enhanced/classic-attributes.ts";
import { equipmentElements } from "./equipment.ts";
import { encodeElements } from "./explicit-vr.ts";
import { imagePlane, stackSpacingMm } from "./image-plane.ts";
import type { Iod } from "./iod/iod.ts";
import { outputIod } from "./iod/output-iod.ts";
import { codedElements } from "./modules/code-sequence.ts";
import { lossyElements } from "./modules/lossy.ts";
import { realWorldMapping, storedLine } from "./modules/real-world.ts";
import { windowElements } from "./modules/window.ts";
import { quantise, type StoredScale } from "./quantise.ts";
import {
  identityElements,
  resultInstanceUid,
  resultSeriesUid,
  timeElements,
  writtenObject,
  type WrittenObject,
} from "./result-identity.ts";
import { seriesNumber } from "./series-number.ts";
import { sourceImageElements } from "./source-images.ts";
import { storedScale } from "./stored-scale.ts";

/**
 * One file per image, in order. Refused where the source's class has no output class, or where an attribute that the
 * output must have (PS3.3 Type 1, the patient's identity) is missing or cannot be written: the reason names its tag.
 */
export function writeDerived(
  series: DerivedSeries,
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const iod = outputIod(source.sopClassUid);
  if (isRefusal(iod)) return iod;
  const attributes = classicAttributes(source.attributes, source.sopClassUid);
  const shared = sharedElements(series, source, attributes, iod, context);
  if (isRefusal(shared)) return shared;
  const scale = storedScale(series, source);
  if (isRefusal(scale)) return scale;
  const meaning = series.realWorld ? realWorldMapping(series.realWorld, storedLine(scale)) : elementsOf({});
  const common = encodeElements(merged([shared, pixelElements(scale), meaning]));
  const written: WrittenObject[] = [];
  for (const [index, image] of series.images.entries()) {
    const plane = imagePlane(image);
    if (isRefusal(plane)) return plane;
    const object = {
      sopInstanceUid: resultInstanceUid(context, series.key, index),
      sopClassUid: iod.sopClassUid,
      seriesInstanceUid: resultSeriesUid(context, series.key),
    };
    const own = imageElements(image, index, object.sopInstanceUid, scale);
    const elements = encodeElements(merged([plane, own, iod.perImage(index)]));
    written.push(writtenObject(object, new Map([...common, ...elements])));
  }
  return written;
}

/** Everything that the images of the series have in common, but for their pixels. */
function sharedElements(
  series: DerivedSeries,
  source: DerivationSource,
  attributes: Attributes,
  iod: Iod,
  context: DerivationContext,
): Elements | Refusal {
  const { sopClassUid, modality } = iod;
  const identity = identityElements({ key: series.key, sopClassUid, modality }, source, context, true);
  if (isRefusal(identity)) return identity;
  const copied = copyAttributes(iod.copied(attributes), attributes);
  if (isRefusal(copied)) return copied;
  const own = iod.perSeries(attributes, series);
  if (isRefusal(own)) return own;
  const offset = attributes.string("TimezoneOffsetFromUTC");
  const now = dicomTime(context.atMs, offset);
  return merged([
    timeElements(now, offset),
    copied,
    identity,
    derivationElements(series, iod),
    sourceImageElements(source.sources),
    equipmentElements(attributes, context, now),
    elementsOf({ SeriesNumber: seriesNumber(attributes.number("SeriesNumber"), series.key) }),
    windowElements(series, attributes),
    lossyElements(attributes, source.transferSyntaxUid),
    own,
  ]);
}

function derivationElements(series: DerivedSeries, iod: Iod): Elements {
  const spacingMm = series.rotating
    ? undefined
    : stackSpacingMm(series.images.map((image) => image.geometry));
  return elementsOf({
    ImageType: ["DERIVED", ...iod.imageType, ...series.imageTypeValues],
    SeriesDescription: clipText(series.seriesDescription, 64),
    DerivationDescription: series.derivationDescription,
    DerivationCodeSequence: [codedElements(series.derivationCode)],
    SpacingBetweenSlices: spacingMm === undefined ? undefined : decimalString(spacingMm),
  });
}

export function pixelElements({ slope, intercept, signed, padding }: StoredScale): Elements {
  const pixels = elementsOf({
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: signed ? 1 : 0,
    RescaleSlope: decimalString(slope),
    RescaleIntercept: decimalString(intercept),
  });
  if (padding !== undefined) pixels.set("PixelPaddingValue", { vr: signed ? "SS" : "US", values: [padding] });
  return pixels;
}

function imageElements(image: DerivedImage, index: number, uid: Uid, scale: StoredScale): Elements {
  const { rows, columns } = image.geometry;
  if (image.values.length !== rows * columns)
    throw new RangeError("an image whose values do not fill its plane");
  const own = elementsOf({
    SOPInstanceUID: uid,
    InstanceNumber: String(index + 1),
    Rows: rows,
    Columns: columns,
  });
  return own.set("PixelData", { vr: "OW", words: quantise(image.values, scale) });
}
