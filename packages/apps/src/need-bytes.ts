/**
 * What a job needs of memory at its peak: an estimate from above, made from the plans and parameters alone. Nodes offer their
 * memory against it, and what no node offers is refused before it is queued. `peak-memory.fixture.ts` measures what an
 * application takes.
 */
import type { Json } from "@releve/domain/canonical-json";
import type { VolumePlan } from "@releve/domain/series-split";

/**
 * Of a volume that the runner samples. Per voxel: the volume itself as 32-bit floats (16 bits where one slope serves all slices;
 * while it turns from one into the other both stand, but the kernels not yet), and the copy in the engine's own memory, in which
 * gaps are marked.
 */
const sampledBytesPerVoxel = 4 + 4;
/** A thread of its own for plain arithmetic, and what kernels over voxels hold, tile by tile. Measured. */
const threadBytes = 100 * 1024 ** 2;
/** Files in memory while loading, each as it is stored and decoded: `filesAtOnce` of load-volume.ts. */
const filesAtOnce = 4;
/** Result images that are held until they are written, as floats and as stored values, square on the volume's longest side. */
const resultImages = 200;
const bytesPerResultPixel = 4 + 2;

export type PeakBytes = (plans: readonly VolumePlan[], parameters: never) => number;

/** For applications that say so: every voxel of every volume costs so much, whatever is asked. */
export const perVoxel =
  (bytes: number) =>
  (plans: readonly VolumePlan[]): number =>
    voxelsOf(plans) * bytes;

export const voxelsOf = (plans: readonly VolumePlan[]): number =>
  plans.reduce((sum, { geometry: { columns, rows, slices } }) => sum + columns * rows * slices, 0);

/** @param inputBytes of all the plans' objects together, as they are stored. */
export function needBytesOf(
  { peakBytes = perVoxel(sampledBytesPerVoxel) }: { readonly peakBytes?: PeakBytes },
  plans: readonly VolumePlan[],
  parameters: Json,
  inputBytes: number,
): number {
  const files = new Set(plans.flatMap((plan) => plan.slices.map(({ digest }) => digest))).size;
  const filesInHand = Math.min(files, filesAtOnce) * (2 * (inputBytes / Math.max(1, files)));
  const side = Math.max(...plans.map(({ geometry: { columns, rows } }) => Math.max(columns, rows)));
  const results = resultImages * side * side * bytesPerResultPixel;
  return Math.ceil(peakBytes(plans, parameters as never) + threadBytes + filesInHand + results);
}
