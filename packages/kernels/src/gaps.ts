/** Marks what was not measured before a kernel sees the voxels. */
import { outsideValue } from "./sampling-rules.ts";
import type { SharedVolume } from "./shared-volume.ts";

/** The voxels themselves when all were measured, else a float32 copy that holds `outsideValue` in each gap. */
export function markGaps(volume: SharedVolume): { values: SharedVolume["values"]; hasGaps: boolean } {
  const { values, padding } = volume;
  const low = padding?.low ?? Number.POSITIVE_INFINITY;
  const high = padding?.high ?? Number.NEGATIVE_INFINITY;
  const isGap = (value: number) => (value >= low && value <= high) || !Number.isFinite(value);
  if (padding === undefined && !(values instanceof Float32Array)) return { values, hasGaps: false };
  const first = values.findIndex(isGap);
  if (first < 0) return { values, hasGaps: false };
  const marked = Float32Array.from(values);
  for (let index = first; index < marked.length; index++) {
    if (isGap(values[index]!)) marked[index] = outsideValue;
  }
  return { values: marked, hasGaps: true };
}
