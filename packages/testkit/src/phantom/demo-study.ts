/** The study that the product shows when it is given none: a CT to look at, a small MR, a localizer and a secondary capture. */
import { ctPhantom } from "./ct-phantom.ts";
import { mrPhantom } from "./mr-phantom.ts";
import { localizer, secondaryCapture } from "./other-images.ts";
import type { PhantomFile } from "./part10.ts";
import { sagittal } from "./stack.ts";

/** 16 MB of CT and 1 MB of the rest, made in about two seconds; the same bytes every time. */
export function demoStudy(): PhantomFile[] {
  const study = "demo";
  return [
    ...localizer(study),
    ...ctPhantom({
      study,
      columns: 256,
      rows: 256,
      slices: 120,
      pixelSpacingMm: 0.9,
      sliceSpacingMm: 1.5,
      noiseHu: 5,
    }),
    ...mrPhantom({
      study,
      columns: 128,
      rows: 128,
      slices: 30,
      pixelSpacingMm: 1.9,
      sliceSpacingMm: 5,
      orientation: sagittal,
      centerLps: [0, 0, 0],
      noise: 12,
    }),
    ...secondaryCapture(study),
  ];
}
