/** SUV and what is measured of it, slow and obvious, in float64. */
import type { Volume } from "@releve/domain/volume";
import { voxelToLps } from "@releve/domain/volume";
import { length, subtract } from "@releve/domain/vec3";
import { peakRadiusMm } from "./suv-peak.ts";

/** NaN where nothing was measured. */
export function suvReference({ voxels, padding }: Volume, factor: number): Float64Array {
  const { slope, intercept } = voxels.kind === "stored" ? voxels : { slope: 1, intercept: 0 };
  return Float64Array.from(voxels.values, (value) =>
    padding && value >= padding.low && value <= padding.high
      ? Number.NaN
      : (value * slope + intercept) * factor,
  );
}

/** By the distance of every voxel to every centre. */
export function suvPeakReference(
  suv: ArrayLike<number>,
  { geometry }: Pick<Volume, "geometry">,
  region: Int32Array,
): number {
  const { columns, rows } = geometry;
  const places = Array.from(suv, (_, at) =>
    voxelToLps(geometry, at % columns, Math.floor(at / columns) % rows, Math.floor(at / columns / rows)),
  );
  const means = Array.from(region, (centre) => {
    const near = Array.from(suv).filter(
      (value, at) => !Number.isNaN(value) && length(subtract(places[at]!, places[centre]!)) <= peakRadiusMm,
    );
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
  return Math.max(...means);
}
