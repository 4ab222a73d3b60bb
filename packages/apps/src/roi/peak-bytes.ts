/** What the statistics of these regions take of memory: most of it for the voxels inside, which are sorted. */
import type { VolumePlan } from "@releve/domain/series-split";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { voxelsOf } from "../need-bytes.ts";
import type { RegionShape } from "../regions/region-shape.ts";
import { voxelsMax } from "./measure-regions.ts";
import type { RoiParameters } from "./parameters.ts";

/** The volume, the shape's mask, and the masks of the segments. */
const bytesPerVoxel = 4 + 1;
/**
 * Of the largest region, whose arrays stand at once: indices twice (4 each), values twice (4 each), sorted, and without the tails
 * (8 each), their copies in the main loop (4), with what was thrown away and not yet collected.
 */
const bytesPerRegionVoxel = 64;
/** Of every region: its indices in both threads, and its segment as bytes and bits. */
const bytesPerKeptVoxel = 4 + 4 + 2;

export function roiPeakBytes([plan]: readonly VolumePlan[], { regions }: RoiParameters): number {
  if (!plan) return 0;
  const inside = regions.map((shape) => voxelsInside(shape, plan));
  const kept = inside.reduce((sum, voxels) => sum + voxels, 0);
  return (
    voxelsOf([plan]) * bytesPerVoxel + Math.max(...inside) * bytesPerRegionVoxel + kept * bytesPerKeptVoxel
  );
}

/** From above: a region of more voxels than are measured is refused when they have been counted. */
function voxelsInside(shape: RegionShape, plan: VolumePlan): number {
  const voxels = voxelsOf([plan]);
  if (shape.shape === "volume") return Math.min(voxels, voxelsMax);
  const voxelMm3 = 1000 * voxelVolumeMl(plan.geometry);
  return Math.min(voxels, voxelsMax, Math.ceil(volumeMm3(shape) / voxelMm3));
}

function volumeMm3(shape: Exclude<RegionShape, { shape: "volume" }>): number {
  if (shape.shape === "sphere") return (4 / 3) * Math.PI * shape.radiusMm ** 3;
  return shape.lowLps.reduce((mm3, low, axis) => mm3 * Math.max(0, shape.highLps[axis]! - low), 1);
}
