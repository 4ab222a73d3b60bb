/** Multi-frame Dimension, PS3.3 C.7.6.17: by what the frames are told apart, outermost first. */
import { derivedUid } from "@releve/domain/ids";
import { entryOfKeyword } from "../../data-set/dicom-dictionary.ts";
import type { DerivationContext } from "../derivation-context.ts";
import { elementsOf, type Elements } from "../elements.ts";

export type Dimension = { readonly attribute: string; readonly group: string; readonly label: string };

export const alongNormal: Dimension = {
  attribute: "ImagePositionPatient",
  group: "PlanePositionSequence",
  label: "Place along the normal",
};

export function dimensionElements(
  dimensions: readonly Dimension[],
  { jobId }: Pick<DerivationContext, "jobId">,
  key: string,
): Elements {
  const organization = elementsOf({ DimensionOrganizationUID: derivedUid(`dimensions ${jobId} ${key}`) });
  return elementsOf({
    DimensionOrganizationSequence: [organization],
    DimensionIndexSequence: dimensions.map(
      ({ attribute, group, label }) =>
        new Map([
          ...organization,
          ...elementsOf({
            DimensionIndexPointer: entryOfKeyword(attribute).tag,
            FunctionalGroupPointer: entryOfKeyword(group).tag,
            DimensionDescriptionLabel: label,
          }),
        ]),
    ),
  });
}

/** Frame Content, with the frame's place in each dimension, counted from 1. */
export function frameContent(indices: readonly number[]): Elements {
  return elementsOf({ FrameContentSequence: [elementsOf({ DimensionIndexValues: indices })] });
}
