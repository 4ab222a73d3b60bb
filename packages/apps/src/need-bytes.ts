/**
 * What a job needs of memory at its peak: an estimate from above, made from the plan alone. Nodes offer their memory against
 * it, and what no node offers is refused before it is queued.
 */
import type { VolumePlan } from "@releve/domain/series-split";

/**
 * Per voxel: the volume itself as 32-bit floats (16 bits where one slope serves all slices; while it turns from one into the
 * other both stand, but the kernels not yet), the kernels' copy with its gaps marked, and the one in the engine's own memory.
 */
const bytesPerVoxel = 4 + 4 + 4;
/** Files in memory while loading, each as it is stored and decoded: `filesAtOnce` of load-volume.ts. */
const filesAtOnce = 4;
/** Result images that are held until they are written, as floats and as stored values, square on the volume's longest side. */
const resultImages = 200;
const bytesPerResultPixel = 4 + 2;

/** @param inputBytes of all the plans' objects together, as they are stored. */
export function needBytesOf(plans: readonly VolumePlan[], inputBytes: number): number {
  const files = new Set(plans.flatMap((plan) => plan.slices.map(({ digest }) => digest))).size;
  const filesInHand = Math.min(files, filesAtOnce) * (2 * (inputBytes / Math.max(1, files)));
  const grids = plans.map(({ geometry }) => geometry);
  const voxels = grids.reduce((sum, { columns, rows, slices }) => sum + columns * rows * slices, 0);
  const side = Math.max(...grids.map(({ columns, rows }) => Math.max(columns, rows)));
  const results = resultImages * side * side * bytesPerResultPixel;
  return Math.ceil(voxels * bytesPerVoxel + filesInHand + results);
}
