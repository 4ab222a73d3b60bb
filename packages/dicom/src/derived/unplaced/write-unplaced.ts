/**
 * Writes images that lie in no plane of the patient, such as a curved reformat, as Secondary Captures (PS3.3 A.8.1): CT, MR and
 * PET Image Storage must state an Image Plane, and any would be a lie. They keep their real-world values (Modality LUT) and
 * the true distance between pixels, and have no frame of reference.
 */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { decimalString } from "../decimal-string.ts";
import type { DerivationContext, DerivationSource } from "../derivation-context.ts";
import type { UnplacedImage, UnplacedImages } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { classicAttributes } from "../enhanced/classic-attributes.ts";
import { encodeElements } from "../explicit-vr.ts";
import { codedElements } from "../modules/code-sequence.ts";
import { statedLossy } from "../modules/lossy.ts";
import { windowElements } from "../modules/window.ts";
import { chooseScale, quantise, rangeOf, type StoredScale } from "../quantise.ts";
import { resultElements } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { sourceImageElements } from "../source-images.ts";
import { pixelElements } from "../write-derived.ts";

const sopClassUid = "1.2.840.10008.5.1.4.1.1.7";

/** One file per image, in order. Refused for a source with an unusable identity. */
export function writeUnplaced(
  output: UnplacedImages,
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const of = { sopClassUid, modality: source.modality, is: "picture" } as const;
  const result = resultElements(output, of, source, context);
  if (isRefusal(result)) return result;
  const attributes = classicAttributes(source.attributes, source.sopClassUid);
  const sourceStep = source.valueStep ?? attributes.number("RescaleSlope") ?? 1;
  const scale = chooseScale(rangeOf(output.views), { sourceStep, zeroIntercept: false });
  const common = encodeElements(
    merged([
      result,
      captureElements(output, source.modality),
      pixelElements(scale),
      windowElements(output, attributes),
      statedLossy(source.attributes, source.transferSyntaxUid),
      sourceImageElements(source.sources),
    ]),
  );
  return output.views.map((image, index) => {
    const object = {
      sopInstanceUid: resultInstanceUid(context, output.key, index),
      sopClassUid,
      seriesInstanceUid: resultSeriesUid(context, output.key),
    };
    const own = encodeElements(imageElements(image, index, object.sopInstanceUid, scale));
    return writtenObject(object, new Map([...common, ...own]));
  });
}

const captureElements = (output: UnplacedImages, modality: string): Elements =>
  elementsOf({
    ImageType: ["DERIVED", "SECONDARY", ...output.imageTypeValues],
    DerivationDescription: output.derivationDescription,
    DerivationCodeSequence: [codedElements(output.derivationCode)],
    ConversionType: "SYN",
    BurnedInAnnotation: "NO",
    // Type 2C of images without a plane: their directions change from row to row.
    PatientOrientation: [],
    RescaleType: modality === "CT" ? "HU" : "US",
  });

function imageElements(image: UnplacedImage, index: number, uid: string, scale: StoredScale): Elements {
  const { columns, rows, spacingMm, values } = image;
  if (values.length !== rows * columns) throw new RangeError("an image whose values do not fill it");
  const own = elementsOf({
    SOPInstanceUID: uid,
    InstanceNumber: String(index + 1),
    Rows: rows,
    Columns: columns,
    PixelSpacing: [decimalString(spacingMm), decimalString(spacingMm)],
  });
  return own.set("PixelData", { vr: "OW", words: quantise(values, scale) });
}
