/** The study that the product shows itself with: a head CT to look at, and the localizer that comes with every CT. */
import { ctPhantom } from "./ct-phantom.ts";
import type { PhantomFile } from "./part10.ts";
import { sagittal } from "./stack.ts";

/** 256 x 256 x 120, about 16 MB. */
export function demoStudy(): PhantomFile[] {
  const head = ctPhantom({
    study: "demo",
    columns: 256,
    rows: 256,
    slices: 120,
    pixelSpacingMm: 0.9,
    sliceSpacingMm: 1.5,
    noiseHu: 8,
  });
  const localizer = ctPhantom({
    study: "demo",
    series: "localizer",
    seriesNumber: 1,
    columns: 256,
    rows: 256,
    slices: 1,
    pixelSpacingMm: 0.9,
    sliceSpacingMm: 5,
    orientation: sagittal,
    attributes: { ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] },
  });
  return [...localizer, ...head];
}
