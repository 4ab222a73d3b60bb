/** The voxels of each region and their statistics: the arithmetic of this application, without DICOM. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Volume } from "@releve/domain/volume";
import { realValues } from "../real-values.ts";
import type { RegionShape } from "../regions/region-shape.ts";
import { shapeMask } from "../regions/shape-mask.ts";
import { firstOrderStatistics, type FirstOrderStatistics } from "../statistics/first-order.ts";

export type RegionWork = { readonly volume: Volume; readonly regions: readonly RegionShape[] };

export type MeasuredRegion = {
  /** Indices into the volume, rising; padding is not among them. */
  readonly voxels: Int32Array;
  readonly statistics: FirstOrderStatistics;
};

/** A sorted copy of so many values in float64 is 256 MiB. */
export const voxelsMax = 2 ** 25;

/** @returns refused with REGION_EMPTY or REGION_TOO_LARGE, by the region's number */
export function measureRegions({ volume, regions }: RegionWork): readonly MeasuredRegion[] | Refusal {
  const measured: MeasuredRegion[] = [];
  for (const [index, shape] of regions.entries()) {
    const voxels = measuredVoxels(volume, shapeMask(volume.geometry, shape));
    if (voxels.length === 0)
      return refusal("REGION_EMPTY", `Region ${index + 1} holds no voxel that was measured.`);
    if (voxels.length > voxelsMax)
      return refusal(
        "REGION_TOO_LARGE",
        `Region ${index + 1} holds ${voxels.length} voxels; at most ${voxelsMax} are measured.`,
      );
    measured.push({ voxels, statistics: firstOrderStatistics(realValues(volume, voxels)) });
  }
  return measured;
}

function measuredVoxels(volume: Volume, mask: Uint8Array): Int32Array {
  const inside = indicesOf(mask);
  const values = realValues(volume, inside);
  return inside.filter((_, at) => Number.isFinite(values[at]));
}

function indicesOf(mask: Uint8Array): Int32Array {
  const indices = new Int32Array(mask.reduce((sum, inside) => sum + inside, 0));
  let filled = 0;
  for (let voxel = 0; voxel < mask.length; voxel++) if (mask[voxel]) indices[filled++] = voxel;
  return indices;
}
