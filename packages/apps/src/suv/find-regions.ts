/** Connected regions of uptake: voxels at or above a threshold that touch by a face, an edge or a corner. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry } from "@releve/domain/volume";
import { voxelVolumeMl } from "../geometry/grid-facts.ts";
import { labelComponents, type Components } from "../regions/label-components.ts";
import type { SuvRegion } from "./parameters.ts";
import { shapeMask } from "../regions/shape-mask.ts";

export type UptakeRegions = {
  /** What the voxels were compared with, in SUV. */
  readonly threshold: number;
  /** Voxel indices, ascending; the largest region first. */
  readonly regions: readonly Int32Array[];
  readonly tooSmall: number;
  readonly tooMany: number;
};

/** Refused where the asked place holds no voxel that was measured. @param suv NaN where nothing was measured */
export function findRegions(
  suv: Float32Array,
  grid: GridGeometry,
  asked: SuvRegion,
): UptakeRegions | Refusal {
  const mask = shapeMask(grid, asked.within);
  const maxAt = largestWithin(suv, mask);
  if (maxAt === undefined)
    return refusal("REGION_EMPTY", "The sphere or box that was asked for holds no voxel that was measured.");
  const threshold = thresholdSuv(asked, suv[maxAt]!);
  for (let at = 0; at < mask.length; at++) if (!(suv[at]! >= threshold)) mask[at] = 0;
  const components = labelComponents(mask, [grid.columns, grid.rows, grid.slices], 26);
  const labels = asked.threshold.mode === "percentOfMax" ? [components.labels[maxAt]!] : bySize(components);
  const enough = labels.filter(
    (label) => components.voxelCounts[label]! * voxelVolumeMl(grid) >= asked.regionMlMin,
  );
  const kept = enough.slice(0, asked.regionsMax);
  return {
    threshold,
    regions: voxelsOf(components, kept),
    tooSmall: labels.length - enough.length,
    tooMany: enough.length - kept.length,
  };
}

function thresholdSuv({ threshold }: SuvRegion, largest: number): number {
  return threshold.mode === "fixed" ? threshold.suv : (threshold.percent / 100) * largest;
}

/** Index of the largest value where the mask is set, the first of equal ones. */
function largestWithin(suv: Float32Array, mask: Uint8Array): number | undefined {
  let found: number | undefined;
  for (let at = 0; at < suv.length; at++)
    if (mask[at] && !Number.isNaN(suv[at]) && (found === undefined || suv[at]! > suv[found]!)) found = at;
  return found;
}

function bySize({ count, voxelCounts }: Components): number[] {
  const labels = Array.from({ length: count }, (_, index) => index + 1);
  return labels.toSorted((a, b) => voxelCounts[b]! - voxelCounts[a]! || a - b);
}

/** In the order of `kept`. */
function voxelsOf({ labels, voxelCounts, count }: Components, kept: readonly number[]): Int32Array[] {
  const found = kept.map((label) => new Int32Array(voxelCounts[label]!));
  const place = new Int32Array(count + 1).fill(-1);
  for (const [index, label] of kept.entries()) place[label] = index;
  const filled = new Int32Array(kept.length);
  for (let at = 0; at < labels.length; at++) {
    const index = place[labels[at]!]!;
    if (index >= 0) found[index]![filled[index]!++] = at;
  }
  return found;
}
