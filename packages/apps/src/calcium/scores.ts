/** The three scores of a set of lesions. Formulae and sources: README.md. */
import type { Volume } from "@releve/domain/volume";
import { sliceSpacingMm } from "../geometry/grid-facts.ts";
import { realValues } from "../real-values.ts";
import { pixelAreaMm2, type Lesion } from "./lesions.ts";

export type CalciumScores = {
  readonly agatston: number;
  readonly volumeMm3: number;
  /** Hydroxyapatite; undefined without a calibration. */
  readonly massMg: number | undefined;
};

/** Agatston's slices lie 3 mm apart: others count by the share of it that they stand for. */
const standardSpacingMm = 3;

export function scoresOf(
  lesions: readonly Lesion[],
  volume: Volume,
  massCalibrationMgPerCm3Hu: number | undefined,
): CalciumScores {
  const spacingMm = sliceSpacingMm(volume.geometry);
  const voxelMm3 = pixelAreaMm2(volume.geometry) * spacingMm;
  const sum = (of: (lesion: Lesion) => number) => lesions.reduce((total, lesion) => total + of(lesion), 0);
  const sumHu = () => sum(({ voxels }) => realValues(volume, voxels).reduce((total, hu) => total + hu, 0));
  const mgPerVoxelHu = ((massCalibrationMgPerCm3Hu ?? 0) * voxelMm3) / 1000;
  return {
    agatston: sum(({ areaMm2, weight }) => areaMm2 * weight) * (spacingMm / standardSpacingMm),
    volumeMm3: sum(({ voxels }) => voxels.length) * voxelMm3,
    massMg: massCalibrationMgPerCm3Hu === undefined ? undefined : sumHu() * mgPerVoxelHu,
  };
}
