/** Images that a presentation state shows: of a series of this job, or of a source; with the way from stored to real values. */
import { length } from "@releve/domain/vec3";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext, DerivationSource, SourceReference } from "../derivation-context.ts";
import { decimalString } from "../decimal-string.ts";
import type { DerivedOutput, PresentedImages } from "../derived-output.ts";
import { elementsOf, type Elements } from "../elements.ts";
import { outputIod } from "../iod/output-iod.ts";
import { bySeries, instanceReference } from "../referenced-series.ts";
import { resultInstanceUid, resultSeriesUid } from "../result-identity.ts";
import { storedScale } from "../stored-scale.ts";

export type Presented = {
  /** An item of Referenced Series Sequence, PS3.3 C.11.11. */
  readonly series: Elements;
  /** Modality LUT, PS3.3 C.11.1: the image's own does not count within a presentation state. */
  readonly modalityLut: Elements;
  /** An item of Softcopy VOI LUT Sequence. */
  readonly window: Elements;
  /** An item of Displayed Area Selection Sequence: the whole image. */
  readonly displayedArea: Elements;
};

export type PresentationInputs = {
  readonly all: readonly DerivedOutput[];
  readonly source: DerivationSource;
  readonly context: DerivationContext;
};

/** Refusals: IMAGES_UNKNOWN, WINDOW_INVALID, and those of the source's class. */
export function presentedImages(images: PresentedImages, inputs: PresentationInputs): Presented | Refusal {
  const { center, width } = images.window;
  if (!(width > 0) || !Number.isFinite(center + width))
    return refusal("WINDOW_INVALID", "A presentation needs a window of finite centre and positive width.");
  return images.from === "output" ? ofOutput(images, inputs) : ofSource(images, inputs);
}

function ofOutput(
  images: Extract<PresentedImages, { from: "output" }>,
  { all, source, context }: PresentationInputs,
): Presented | Refusal {
  const series = all.find((output) => output.kind === "images" && output.key === images.key);
  if (series?.kind !== "images" || !series.images[0])
    return refusal("IMAGES_UNKNOWN", `The result holds no images ${images.key} to present.`);
  const iod = outputIod(source.sopClassUid);
  if (isRefusal(iod)) return iod;
  const scale = storedScale(series, source);
  if (isRefusal(scale)) return scale;
  const references = series.images.map((_, index) => ({
    sopClassUid: iod.sopClassUid,
    sopInstanceUid: resultInstanceUid(context, images.key, index),
  }));
  return presented(images, {
    seriesUid: resultSeriesUid(context, images.key),
    references,
    line: scale,
    plane: series.images[0].geometry,
  });
}

function ofSource(
  images: Extract<PresentedImages, { from: "source" }>,
  { source }: PresentationInputs,
): Presented | Refusal {
  const references = bySeries(source).get(images.seriesInstanceUid);
  if (!references) return refusal("IMAGES_UNKNOWN", "A series to present is none of the sources.");
  return presented(images, {
    seriesUid: images.seriesInstanceUid,
    references,
    line: images,
    plane: images.plane,
  });
}

type Found = {
  readonly seriesUid: string;
  readonly references: readonly SourceReference[];
  readonly line: { readonly slope: number; readonly intercept: number };
  readonly plane: Extract<PresentedImages, { from: "source" }>["plane"];
};

function presented({ window }: PresentedImages, { seriesUid, references, line, plane }: Found): Presented {
  return {
    series: elementsOf({
      SeriesInstanceUID: seriesUid,
      ReferencedImageSequence: references.map(instanceReference),
    }),
    modalityLut: elementsOf({
      RescaleIntercept: decimalString(line.intercept),
      RescaleSlope: decimalString(line.slope),
      RescaleType: "US",
    }),
    window: elementsOf({
      WindowCenter: decimalString(window.center),
      WindowWidth: decimalString(window.width),
      // C.11.2.1.2: LINEAR needs a width of at least 1, which small units such as SUV do not have.
      VOILUTFunction: window.width < 1 ? "LINEAR_EXACT" : undefined,
    }),
    displayedArea: elementsOf({
      DisplayedAreaTopLeftHandCorner: [1, 1],
      DisplayedAreaBottomRightHandCorner: [plane.columns, plane.rows],
      PresentationSizeMode: "SCALE TO FIT",
      PresentationPixelSpacing: [plane.rowStepLps, plane.columnStepLps].map((step) =>
        decimalString(length(step)),
      ),
    }),
  };
}
