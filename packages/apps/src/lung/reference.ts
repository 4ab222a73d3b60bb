/** The indices of a set of voxels, slow and obvious: all values in a list, sorted. */
import type { Volume } from "@releve/domain/volume";

export function densityReference({ voxels }: Volume, inside: (voxel: number) => boolean) {
  const { slope, intercept } = voxels.kind === "stored" ? voxels : { slope: 1, intercept: 0 };
  const hu = Array.from(voxels.values, (value) => value * slope + intercept)
    .filter((_, voxel) => inside(voxel))
    .toSorted((a, b) => a - b);
  const rank = (hu.length - 1) * 0.15;
  const [low, high] = [hu[Math.floor(rank)]!, hu[Math.ceil(rank)]!];
  return {
    voxels: hu.length,
    meanHu: hu.reduce((sum, value) => sum + value, 0) / hu.length,
    laa950Percent: (100 * hu.filter((value) => value < -950).length) / hu.length,
    pd15Hu: low + (high - low) * (rank - Math.floor(rank)),
  };
}
