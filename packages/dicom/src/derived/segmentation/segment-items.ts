/** Segment Description, PS3.3 C.8.20.4: what each segment is, in codes, and how it was made. */
import { clipText } from "../clip-text.ts";
import type { Segment, Segmentation } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { codedElements } from "../modules/code-sequence.ts";
import { dicomLab } from "./cie-lab.ts";

export function segmentItems({ segments, algorithm }: Segmentation): readonly Elements[] {
  return segments.map((segment, index) =>
    merged([
      elementsOf({
        SegmentNumber: index + 1,
        SegmentLabel: clipText(segment.label, 64),
        SegmentAlgorithmType: algorithm.type,
        SegmentAlgorithmName:
          algorithm.type === "MANUAL" ? undefined : clipText(`${algorithm.name} ${algorithm.version}`, 64),
        RecommendedDisplayCIELabValue: dicomLab(segment.colorRgb),
        SegmentedPropertyCategoryCodeSequence: [codedElements(segment.category)],
      }),
      algorithmElements(algorithm),
      propertyElements(segment),
    ]),
  );
}

/** The sequence asks for a family of algorithms in a code of PS3.16 CID 7162: who names none gets no sequence. */
function algorithmElements({ name, version, family }: Segmentation["algorithm"]): Elements {
  const item = family && {
    AlgorithmFamilyCodeSequence: [codedElements(family)],
    AlgorithmName: clipText(name, 64),
    AlgorithmVersion: clipText(version, 64),
    AlgorithmSource: "Relève",
  };
  return elementsOf({ SegmentationAlgorithmIdentificationSequence: item && [elementsOf(item)] });
}

/** The side belongs to the anatomy where one is named, else to the property itself. */
function propertyElements({ type, anatomy, laterality }: Segment): Elements {
  const side = laterality && [codedElements(laterality)];
  const region =
    anatomy && merged([codedElements(anatomy), elementsOf({ AnatomicRegionModifierSequence: side })]);
  const property = merged([
    codedElements(type),
    elementsOf({ SegmentedPropertyTypeModifierCodeSequence: region ? undefined : side }),
  ]);
  return elementsOf({
    SegmentedPropertyTypeCodeSequence: [property],
    AnatomicRegionSequence: region && [region],
  });
}
