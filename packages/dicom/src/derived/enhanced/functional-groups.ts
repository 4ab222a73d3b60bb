/** One view on the data set, its shared functional groups and those of its first frame (PS3.3 C.7.6.16). */
import type { Attributes } from "../../data-set/attributes.ts";

/** The groups whose attributes keep the keyword and the meaning that they have in the classic IODs. */
const sameKeywords = [
  "FrameVOILUTSequence",
  "PixelValueTransformationSequence",
  "MRTimingAndRelatedParametersSequence",
  "MRAveragesSequence",
  "MRImagingModifierSequence",
  "CTReconstructionSequence",
  "CTXRayDetailsSequence",
  "UnassignedSharedConvertedAttributesSequence",
  "UnassignedPerFrameConvertedAttributesSequence",
];

/** A look-up goes through the data set itself first, then the first frame's groups, then the shared ones. */
export function functionalGroups(source: Attributes): Attributes {
  const frames = source.items("PerFrameFunctionalGroupsSequence").slice(0, 1);
  const holders = [...frames, ...source.items("SharedFunctionalGroupsSequence").slice(0, 1)];
  const groups = sameKeywords.flatMap((keyword) =>
    holders.flatMap((holder) => holder.items(keyword).slice(0, 1)),
  );
  return firstOf([source, ...holders, ...groups]);
}

function firstOf(layers: readonly [Attributes, ...Attributes[]]): Attributes {
  const holder = (keyword: string) =>
    layers.find((layer) => layer.string(keyword) !== undefined || layer.items(keyword).length > 0) ??
    layers[0];
  return {
    privateNumbers: (...path) => layers[0].privateNumbers(...path),
    privateStrings: (...path) => layers[0].privateStrings(...path),
    privateBytes: (...path) => layers[0].privateBytes(...path),
    has: (keyword) => layers.some((layer) => layer.has(keyword)),
    string: (keyword) => holder(keyword).string(keyword),
    strings: (keyword) => holder(keyword).strings(keyword),
    number: (keyword) => holder(keyword).number(keyword),
    numbers: (keyword) => holder(keyword).numbers(keyword),
    bytes: (keyword) => holder(keyword).bytes(keyword),
    items: (keyword) => holder(keyword).items(keyword),
  };
}
