/** Regions of uptake and what is measured in each: everything after the scaling, as one function of plain data. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry } from "@releve/domain/volume";
import { findRegions, type UptakeRegions } from "./find-regions.ts";
import { measureRegion, type RegionMeasures } from "./measure-region.ts";
import type { SuvRegion } from "./parameters.ts";
import { peakSphere } from "./suv-peak.ts";

export type MeasuredRegion = { readonly voxels: Int32Array; readonly measures: RegionMeasures };

export type MeasuredUptake = Omit<UptakeRegions, "regions"> & {
  /** The largest first. */
  readonly regions: readonly MeasuredRegion[];
  /** In the sphere of SUVpeak. */
  readonly peakVoxels: number;
};

export type UptakeInput = {
  /** NaN where nothing was measured. */
  readonly suv: Float32Array;
  readonly grid: GridGeometry;
  readonly asked: SuvRegion;
};

export function measureUptake({ suv, grid, asked }: UptakeInput): MeasuredUptake | Refusal {
  const found = findRegions(suv, grid, asked);
  if (isRefusal(found)) return found;
  const sphere = peakSphere(grid);
  const regions = found.regions.map((voxels) => ({
    voxels,
    measures: measureRegion(suv, grid, sphere, voxels),
  }));
  return { ...found, regions, peakVoxels: sphere.length };
}
