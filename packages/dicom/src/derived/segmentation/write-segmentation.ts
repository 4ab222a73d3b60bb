/**
 * Masks as a Segmentation, PS3.3 A.51: BINARY, one object for all segments. A label map would be smaller, but few
 * archives and viewers know that class, and it cannot hold segments that overlap.
 */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext, DerivationSource } from "../derivation-context.ts";
import type { Segmentation } from "../derived-output.ts";
import type { CodedConcept } from "../derived-series.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { encodeElements } from "../explicit-vr.ts";
import { statedLossy } from "../modules/lossy.ts";
import { derivationImages } from "../multi-frame/derivation-images.ts";
import { alongNormal, dimensionElements, frameContent, type Dimension } from "../multi-frame/dimensions.ts";
import { parallelPlanes } from "../multi-frame/parallel-planes.ts";
import { referencedSeries } from "../referenced-series.ts";
import { resultElements, type ResultClass } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { maskFrames } from "./mask-frames.ts";
import { packMasks } from "./pack-masks.ts";
import { segmentItems } from "./segment-items.ts";

export const segmentationClass: ResultClass = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.66.4",
  modality: "SEG",
  is: "frames",
};

const bySegment: Dimension = {
  attribute: "ReferencedSegmentNumber",
  group: "SegmentIdentificationSequence",
  label: "Segment",
};

const code: CodedConcept = {
  codeValue: "113076",
  codingSchemeDesignator: "DCM",
  codeMeaning: "Segmentation",
};

/** Refusals: those of planes and masks, and of a source without frame of reference or with an unusable identity. */
export function writeSegmentation(
  output: Segmentation,
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const planes = parallelPlanes(output.planes);
  if (isRefusal(planes)) return planes;
  const pixels = planes.rows * planes.columns;
  const ranks = planes.places.map(({ rank }) => rank);
  const frames = maskFrames(output, pixels, ranks);
  if (isRefusal(frames)) return frames;
  const result = resultElements(output, segmentationClass, source, context);
  if (isRefusal(result)) return result;
  const derivation = derivationImages(output.planes, source.sources, code);
  const elements = merged([
    result,
    imageElements(output),
    statedLossy(source.attributes, source.transferSyntaxUid),
    referencedSeries(source),
    dimensionElements([bySegment, alongNormal], context, output.key),
    elementsOf({
      Rows: planes.rows,
      Columns: planes.columns,
      NumberOfFrames: String(frames.length),
      SharedFunctionalGroupsSequence: [merged([planes.shared, derivation.shared])],
      PerFrameFunctionalGroupsSequence: frames.map(({ segmentNumber, plane }) =>
        merged([
          frameContent([segmentNumber, ranks[plane]!]),
          planes.places[plane]!.position,
          derivation.ofPlane[plane]!,
          elementsOf({
            SegmentIdentificationSequence: [elementsOf({ ReferencedSegmentNumber: segmentNumber })],
          }),
        ]),
      ),
    }),
  ]);
  const words = packMasks(
    frames.map(({ mask }) => mask),
    pixels,
  );
  const object = {
    sopInstanceUid: resultInstanceUid(context, output.key, 0),
    sopClassUid: segmentationClass.sopClassUid,
    seriesInstanceUid: resultSeriesUid(context, output.key),
  };
  return [writtenObject(object, encodeElements(elements.set("PixelData", { vr: "OB", words })))];
}

function imageElements(output: Segmentation): Elements {
  return elementsOf({
    ImageType: ["DERIVED", "PRIMARY"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    SegmentationType: "BINARY",
    ContentLabel: "SEGMENTATION",
    ContentDescription: "",
    ContentCreatorName: "",
    SegmentSequence: segmentItems(output),
  });
}
