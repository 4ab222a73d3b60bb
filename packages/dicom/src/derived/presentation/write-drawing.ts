/**
 * Lines over source images, as a person drew them: Grayscale Softcopy Presentation State (PS3.3 A.33.1). The images stay as they
 * are; a viewer that knows the class shows the lines on the slices that they lie on.
 */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { DrawnLine, Drawing } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { bySeries, instanceReference } from "../referenced-series.ts";
import type { SourceReference } from "../derivation-context.ts";
import type { WrittenObject } from "../result-identity.ts";
import { presentedImages, type PresentationInputs } from "./presented-images.ts";
import { writePresentation } from "./write-presentation.ts";

const grayscaleClass = "1.2.840.10008.5.1.4.1.1.11.1";

/** Refusals: those of the images, DRAWING_EMPTY, and IMAGES_UNKNOWN for a line on an image that is no source. */
export function writeDrawing(
  output: Drawing,
  inputs: PresentationInputs,
): readonly WrittenObject[] | Refusal {
  const images = presentedImages(output.images, inputs);
  if (isRefusal(images)) return images;
  const annotations = annotationsOf(output, [...bySeries(inputs.source).values()].flat());
  if (isRefusal(annotations)) return annotations;
  const own = merged([
    images.modalityLut,
    elementsOf({
      ReferencedSeriesSequence: [images.series],
      SoftcopyVOILUTSequence: [images.window],
      DisplayedAreaSelectionSequence: [images.displayedArea],
      PresentationLUTShape: "IDENTITY",
      GraphicAnnotationSequence: annotations,
      GraphicLayerSequence: [
        elementsOf({
          GraphicLayer: output.layer,
          GraphicLayerOrder: 1,
          GraphicLayerRecommendedDisplayGrayscaleValue: 65_535,
        }),
      ],
    }),
  ]);
  return writePresentation(output, { sopClassUid: grayscaleClass, label: output.layer }, own, inputs);
}

function annotationsOf(
  { lines, layer }: Drawing,
  sources: readonly SourceReference[],
): readonly Elements[] | Refusal {
  if (lines.length === 0) return refusal("DRAWING_EMPTY", "There is no line to draw.");
  const items: Elements[] = [];
  for (const line of lines) {
    const source = sources.find(({ sopInstanceUid }) => sopInstanceUid === line.sopInstanceUid);
    if (!source) return refusal("IMAGES_UNKNOWN", "A line lies on an image that is none of the sources.");
    const frame = elementsOf({ ReferencedFrameNumber: line.frameNumber });
    items.push(
      elementsOf({
        ReferencedImageSequence: [merged([instanceReference(source), frame])],
        GraphicLayer: layer,
        GraphicObjectSequence: [graphicOf(line)],
      }),
    );
  }
  return items;
}

/** C.10.5: 0\0 is the corner of the first pixel, whose centre is half a pixel further. */
const toCorner = 0.5;

function graphicOf({ points }: DrawnLine): Elements {
  const isPoint = points.length === 1;
  return elementsOf({
    GraphicAnnotationUnits: "PIXEL",
    GraphicDimensions: 2,
    NumberOfGraphicPoints: points.length,
    GraphicData: points.flatMap(([column, row]) => [column + toCorner, row + toCorner]),
    GraphicType: isPoint ? "POINT" : "POLYLINE",
    GraphicFilled: isPoint ? undefined : "N",
  });
}
