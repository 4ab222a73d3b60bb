/**
 * How images are meant to be looked at: Blending Softcopy Presentation State (PS3.3 A.33.4) for one series in colour over
 * another one in grey, and Pseudo-Color Softcopy Presentation State (A.33.3) for one series in colour. Pixels stay where
 * they are; a viewer that knows neither class shows the images as before.
 */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { clipText } from "../clip-text.ts";
import { heatPaletteElements } from "../colour/heat-palette.ts";
import type { Blending, PseudoColour } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { encodeElements } from "../explicit-vr.ts";
import { resultElements } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { presentedImages, type PresentationInputs, type Presented } from "./presented-images.ts";

const blendingClass = "1.2.840.10008.5.1.4.1.1.11.4";
const pseudoColourClass = "1.2.840.10008.5.1.4.1.1.11.3";

/** Refusals: those of the images, OPACITY_INVALID, and of a source with an unusable identity. */
export function writeBlending(
  output: Blending,
  inputs: PresentationInputs,
): readonly WrittenObject[] | Refusal {
  const { superimposedOpacity } = output;
  if (!(superimposedOpacity >= 0 && superimposedOpacity <= 1))
    return refusal("OPACITY_INVALID", "An opacity lies between 0 and 1.");
  const underlying = presentedImages(output.underlying, inputs);
  if (isRefusal(underlying)) return underlying;
  const superimposed = presentedImages(output.superimposed, inputs);
  if (isRefusal(superimposed)) return superimposed;
  const layer = (position: string, { series, modalityLut, window }: Presented) =>
    merged([
      elementsOf({
        BlendingPosition: position,
        StudyInstanceUID: inputs.source.studyInstanceUid,
        ReferencedSeriesSequence: [series],
        SoftcopyVOILUTSequence: [window],
      }),
      modalityLut,
    ]);
  const own = elementsOf({
    BlendingSequence: [layer("UNDERLYING", underlying), layer("SUPERIMPOSED", superimposed)],
    RelativeOpacity: superimposedOpacity,
    DisplayedAreaSelectionSequence: [underlying.displayedArea],
  });
  const coloured = merged([heatPaletteElements(), own]);
  return writePresentation(output, { sopClassUid: blendingClass, label: "BLENDING" }, coloured, inputs);
}

/** Refusals: those of the images, and of a source with an unusable identity. */
export function writePseudoColour(
  output: PseudoColour,
  inputs: PresentationInputs,
): readonly WrittenObject[] | Refusal {
  const images = presentedImages(output.images, inputs);
  if (isRefusal(images)) return images;
  const own = merged([
    heatPaletteElements(),
    images.modalityLut,
    elementsOf({
      ReferencedSeriesSequence: [images.series],
      SoftcopyVOILUTSequence: [images.window],
      DisplayedAreaSelectionSequence: [images.displayedArea],
    }),
  ]);
  return writePresentation(output, { sopClassUid: pseudoColourClass, label: "COLOUR" }, own, inputs);
}

/** What all presentation states share. `own`: what is of its class. */
export function writePresentation(
  output: { readonly key: string; readonly seriesDescription: string },
  { sopClassUid, label }: { readonly sopClassUid: string; readonly label: string },
  own: Elements,
  { source, context }: PresentationInputs,
): readonly WrittenObject[] | Refusal {
  const of = { sopClassUid, modality: "PR", is: "picture" } as const;
  const result = resultElements(output, of, source, context);
  if (isRefusal(result)) return result;
  const elements = merged([
    presentedAt(result),
    elementsOf({
      ContentLabel: label,
      ContentDescription: clipText(output.seriesDescription, 64),
      ContentCreatorName: "",
    }),
    own,
  ]);
  const object = {
    sopInstanceUid: resultInstanceUid(context, output.key, 0),
    sopClassUid,
    seriesInstanceUid: resultSeriesUid(context, output.key),
  };
  return [writtenObject(object, encodeElements(elements))];
}

/** A presentation state has a time of creation where other objects have one of their content. */
function presentedAt(result: Elements): Elements {
  const renamed: Readonly<Record<string, string>> = {
    ContentDate: "PresentationCreationDate",
    ContentTime: "PresentationCreationTime",
  };
  return new Map([...result].map(([keyword, element]) => [renamed[keyword] ?? keyword, element]));
}
