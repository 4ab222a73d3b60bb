/** What is measured in one region of uptake. */
import type { GridGeometry } from "@releve/domain/volume";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { firstOrderStatistics } from "../statistics/first-order.ts";
import { suvPeak, type SphereStep } from "./suv-peak.ts";

export type RegionMeasures = {
  readonly volumeMl: number;
  readonly max: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly peak: number;
  /** SUVmean times volume: g for SUV in g/ml, cm2 for SUVbsa. */
  readonly glycolysis: number;
};

/** @param region voxel indices, at least one */
export function measureRegion(
  suv: Float32Array,
  grid: GridGeometry,
  sphere: readonly SphereStep[],
  region: Int32Array,
): RegionMeasures {
  const values = Float64Array.from(region, (at) => suv[at]!);
  const { mean, maximum, standardDeviation } = firstOrderStatistics(values);
  const volumeMl = region.length * voxelVolumeMl(grid);
  return {
    volumeMl,
    max: maximum,
    mean,
    standardDeviation,
    peak: suvPeak(suv, grid, sphere, region),
    glycolysis: mean * volumeMl,
  };
}
