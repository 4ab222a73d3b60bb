/** The scores of all lesions of a volume, slow and obvious: each slice flooded pixel by pixel, in float64. */
import { cross, dot, length, normalize } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";

export function calciumReference(
  volume: Volume,
  massCalibrationMgPerCm3Hu: number,
): { readonly agatston: number; readonly volumeMm3: number; readonly massMg: number } {
  const { columns, rows, slices, columnStepLps, rowStepLps, sliceStepLps } = volume.geometry;
  const areaMm2 = length(cross(columnStepLps, rowStepLps));
  const spacingMm = Math.abs(dot(sliceStepLps, normalize(cross(columnStepLps, rowStepLps))));
  const sums = { agatston: 0, volumeMm3: 0, massMg: 0 };
  for (let slice = 0; slice < slices; slice++) {
    const seen = new Set<number>();
    const huAt = (column: number, row: number): number =>
      column < 0 || row < 0 || column >= columns || row >= rows
        ? -1024
        : hounsfield(volume, (slice * rows + row) * columns + column);
    const flood = (column: number, row: number): readonly number[] => {
      const hu = huAt(column, row);
      if (hu < 130 || seen.has(row * columns + column)) return [];
      seen.add(row * columns + column);
      const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].flatMap((dx) => flood(column + dx, row + dy)));
      return [hu, ...around];
    };
    for (let pixel = 0; pixel < columns * rows; pixel++) {
      const lesion = flood(pixel % columns, Math.floor(pixel / columns));
      if (lesion.length === 0 || lesion.length * areaMm2 < 1 - 1e-9) continue;
      const weight = weightOf(Math.max(...lesion));
      const volumeMm3 = lesion.length * areaMm2 * spacingMm;
      const meanHu = lesion.reduce((sum, hu) => sum + hu, 0) / lesion.length;
      sums.agatston += lesion.length * areaMm2 * weight * (spacingMm / 3);
      sums.volumeMm3 += volumeMm3;
      sums.massMg += massCalibrationMgPerCm3Hu * meanHu * (volumeMm3 / 1000);
    }
  }
  return sums;
}

function weightOf(peakHu: number): number {
  if (peakHu < 200) return 1;
  if (peakHu < 300) return 2;
  return peakHu < 400 ? 3 : 4;
}

function hounsfield({ voxels, padding }: Volume, index: number): number {
  const stored = voxels.values[index]!;
  if (padding && stored >= padding.low && stored <= padding.high) return -1024;
  return voxels.kind === "stored" ? stored * voxels.slope + voxels.intercept : stored;
}
