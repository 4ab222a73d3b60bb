/** Quantities that must not be rounded: Parametric Map, PS3.3 A.75, one object of 32-bit float frames. */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../../data-set/attributes.ts";
import { decimalString } from "../decimal-string.ts";
import type { DerivationContext, DerivationSource } from "../derivation-context.ts";
import type { ParametricMap } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { encodeElements } from "../explicit-vr.ts";
import { anatomicRegion } from "../modules/anatomic-region.ts";
import { statedLossy } from "../modules/lossy.ts";
import { realWorldMapping } from "../modules/real-world.ts";
import { derivationImages } from "../multi-frame/derivation-images.ts";
import { alongNormal, dimensionElements, frameContent } from "../multi-frame/dimensions.ts";
import { parallelPlanes } from "../multi-frame/parallel-planes.ts";
import { referencedSeries } from "../referenced-series.ts";
import { resultElements } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { floatPixels, type FloatPixels } from "./float-pixels.ts";

const sopClassUid = "1.2.840.10008.5.1.4.1.1.30";
const imageType = ["DERIVED", "PRIMARY", "VOLUME", "QUANTITY"];

/** Refusals: those of the planes, VALUES_MISFIT, and of a source without frame of reference. */
export function writeParametricMap(
  map: ParametricMap,
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const planes = parallelPlanes(map.images);
  if (isRefusal(planes)) return planes;
  const pixels = planes.rows * planes.columns;
  if (map.images.some(({ values }) => values.length !== pixels))
    return refusal("VALUES_MISFIT", "An image of the map has not as many values as its plane has pixels.");
  const order = map.images
    .map((_, index) => index)
    .toSorted((a, b) => planes.places[a]!.rank - planes.places[b]!.rank);
  const float = floatPixels(order.map((index) => map.images[index]!.values));
  const of = { sopClassUid, modality: source.modality, is: "frames" } as const;
  const result = resultElements(map, of, source, context);
  if (isRefusal(result)) return result;
  const derivation = derivationImages(map.images, source.sources, map.derivationCode);
  const elements = merged([
    result,
    imageElements(map, float, source.attributes),
    statedLossy(source.attributes, source.transferSyntaxUid),
    referencedSeries(source),
    dimensionElements([alongNormal], context, map.key),
    elementsOf({
      Rows: planes.rows,
      Columns: planes.columns,
      NumberOfFrames: String(order.length),
      SharedFunctionalGroupsSequence: [
        merged([planes.shared, derivation.shared, sharedGroups(map, float, source.attributes)]),
      ],
      PerFrameFunctionalGroupsSequence: order.map((index) =>
        merged([
          frameContent([planes.places[index]!.rank]),
          planes.places[index]!.position,
          derivation.ofPlane[index]!,
        ]),
      ),
    }),
  ]);
  const object = {
    sopInstanceUid: resultInstanceUid(context, map.key, 0),
    sopClassUid,
    seriesInstanceUid: resultSeriesUid(context, map.key),
  };
  return [
    writtenObject(object, encodeElements(elements.set("FloatPixelData", { vr: "OF", words: float.values }))),
  ];
}

function imageElements(map: ParametricMap, { padding }: FloatPixels, source: Attributes): Elements {
  return elementsOf({
    ImageType: imageType,
    DerivationDescription: map.derivationDescription,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    PresentationLUTShape: "IDENTITY",
    BitsAllocated: 32,
    FloatPixelPaddingValue: padding,
    FloatPixelPaddingRangeLimit: padding,
    AcquisitionContextSequence: [],
    BurnedInAnnotation: "NO",
    // Whether a face could be made of it: only the source can say that it cannot.
    RecognizableVisualFeatures: source.string("RecognizableVisualFeatures") === "NO" ? "NO" : "YES",
    // Not cleared for clinical use by anybody: the only value that claims nothing.
    ContentQualification: "RESEARCH",
    ContentLabel: "MAP",
    ContentDescription: "",
    ContentCreatorName: "",
  });
}

function sharedGroups(map: ParametricMap, float: FloatPixels, source: Attributes): Elements {
  return merged([
    elementsOf({
      ParametricMapFrameTypeSequence: [elementsOf({ FrameType: imageType })],
      FrameAnatomySequence: [
        elementsOf({
          FrameLaterality: "U",
          AnatomicRegionSequence: anatomicRegion(source),
        }),
      ],
      PixelValueTransformationSequence: [
        elementsOf({ RescaleIntercept: "0", RescaleSlope: "1", RescaleType: "US" }),
      ],
      FrameVOILUTSequence: [windowOf(map, float)],
    }),
    realWorldMapping(
      map,
      elementsOf({
        RealWorldValueSlope: 1,
        RealWorldValueIntercept: 0,
        DoubleFloatRealWorldValueFirstValueMapped: float.min,
        DoubleFloatRealWorldValueLastValueMapped: float.max,
      }),
    ),
  ]);
}

/** Small units are common, and LINEAR needs a width of at least 1 (C.11.2.1.2). */
function windowOf({ window }: ParametricMap, { min, max }: FloatPixels): Elements {
  const { center, width } = window ?? { center: (min + max) / 2, width: max - min || 1 };
  return elementsOf({
    WindowCenter: decimalString(center),
    WindowWidth: decimalString(width),
    VOILUTFunction: "LINEAR_EXACT",
  });
}
