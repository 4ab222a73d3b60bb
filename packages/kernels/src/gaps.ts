/** Marks what was not measured before a kernel sees the voxels. */
import { outsideValue } from "./sampling-rules.ts";
import type { SharedVolume } from "./shared-volume.ts";

/** True where a voxel is padding or not finite. */
export function hasGaps(volume: SharedVolume): boolean {
  const isGap = gapTest(volume);
  return isGap !== undefined && volume.values.some(isGap);
}

/** The voxels as a kernel reads them, `outsideValue` in each gap. */
export function writeMarked(volume: SharedVolume, target: Float32Array): void {
  const { values } = volume;
  target.set(values);
  const isGap = gapTest(volume);
  if (!isGap) return;
  for (let index = 0; index < values.length; index++) if (isGap(values[index]!)) target[index] = outsideValue;
}

/** The voxels themselves when all were measured, else a marked float32 copy. */
export function markGaps(volume: SharedVolume): SharedVolume["values"] {
  if (!hasGaps(volume)) return volume.values;
  const marked = new Float32Array(volume.values.length);
  writeMarked(volume, marked);
  return marked;
}

/** Undefined for a volume in which no gap can be: most of them. */
function gapTest({ values, padding }: SharedVolume): ((value: number) => boolean) | undefined {
  if (padding === undefined && !(values instanceof Float32Array)) return undefined;
  const low = padding?.low ?? Number.POSITIVE_INFINITY;
  const high = padding?.high ?? Number.NEGATIVE_INFINITY;
  return (value) => (value >= low && value <= high) || !Number.isFinite(value);
}
