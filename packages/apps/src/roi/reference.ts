/** The statistics of a region, slow and obvious, in float64: every voxel's place is looked at, every formula is written out. */
import { voxelToLps, type Volume } from "@releve/domain/volume";
import type { Vec3 } from "@releve/domain/vec3";
import type { RegionShape } from "../regions/region-shape.ts";

export type ReferenceStatistics = {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
  readonly median: number;
  readonly percentile10: number;
  readonly robustMeanAbsoluteDeviation: number;
  readonly energy: number;
};

export function roiReference(volume: Volume, shape: RegionShape): ReferenceStatistics {
  const values = valuesIn(volume, shape).toSorted((a, b) => a - b);
  const count = values.length;
  const mean = meanOf(values);
  const central = (power: number) => meanOf(values.map((value) => (value - mean) ** power));
  const [low, high] = [rank(values, 0.1), rank(values, 0.9)];
  const robust = values.filter((value) => value >= low && value <= high);
  return {
    count,
    mean,
    variance: central(2),
    skewness: central(3) / central(2) ** 1.5,
    excessKurtosis: central(4) / central(2) ** 2 - 3,
    median: rank(values, 0.5),
    percentile10: low,
    robustMeanAbsoluteDeviation: meanOf(robust.map((value) => Math.abs(value - meanOf(robust)))),
    energy: values.reduce((sum, value) => sum + value ** 2, 0),
  };
}

function valuesIn(volume: Volume, shape: RegionShape): number[] {
  const { geometry, voxels, padding } = volume;
  const { slope, intercept } = voxels.kind === "stored" ? voxels : { slope: 1, intercept: 0 };
  return [...voxels.values].flatMap((value, voxel) => {
    const [column, row] = [voxel % geometry.columns, Math.floor(voxel / geometry.columns) % geometry.rows];
    const slice = Math.floor(voxel / (geometry.columns * geometry.rows));
    const isPadding = padding !== undefined && value >= padding.low && value <= padding.high;
    return !isPadding && isInside(voxelToLps(geometry, column, row, slice), shape)
      ? [value * slope + intercept]
      : [];
  });
}

function isInside(place: Vec3, shape: RegionShape): boolean {
  if (shape.shape === "volume") return true;
  if (shape.shape === "box")
    return place.every((part, axis) => part >= shape.lowLps[axis]! && part <= shape.highLps[axis]!);
  return Math.hypot(...place.map((part, axis) => part - shape.centerLps[axis]!)) <= shape.radiusMm;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Linear between neighbours in rank. */
function rank(rising: readonly number[], share: number): number {
  const at = share * (rising.length - 1);
  const [low, high] = [rising[Math.floor(at)]!, rising[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
