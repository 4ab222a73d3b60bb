/** From classes of density to masks and histograms: the arithmetic of this application, without kernels and DICOM. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Volume } from "@releve/domain/volume";
import { densityHistogram, type DensityHistogram } from "./density-histogram.ts";
import { findLungs, type Lungs } from "./lung-mask.ts";

export type LungWork = { readonly volume: Volume; readonly classes: Uint8Array };

export type MeasuredLungs = {
  readonly lungs: Lungs;
  readonly left: DensityHistogram;
  readonly right: DensityHistogram;
};

export function measureLungs({ volume, classes }: LungWork): MeasuredLungs | Refusal {
  const lungs = findLungs(classes, volume.geometry);
  if (isRefusal(lungs)) return lungs;
  return {
    lungs,
    left: densityHistogram(volume, lungs.left),
    right: densityHistogram(volume, lungs.right),
  };
}
