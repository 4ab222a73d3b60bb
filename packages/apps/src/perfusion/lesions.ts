/** Core and penumbra: hypoperfused tissue by Tmax, and within it what has too little flow to live. */
import type { GridGeometry } from "@releve/domain/volume";
import { cross, dot } from "@releve/domain/vec3";
import { labelComponents } from "../regions/label-components.ts";
import type { PerfusionParameters } from "./parameters.ts";

export type Lesions = {
  readonly core: Uint8Array;
  readonly penumbra: Uint8Array;
  readonly coreMl: number;
  readonly penumbraMl: number;
  /** Core and penumbra over core; undefined without a core. */
  readonly mismatchRatio: number | undefined;
  /** Of tissue that blood reaches in time: what CBF is compared with. NaN where there is none, and then no core. */
  readonly normalCbf: number;
};

/** Tissue that is reached this soon counts as normal. */
const normalTmaxSeconds = 4;

/** @param cbf, tmax of all voxels of the grid, NaN outside of the brain. */
export function findLesions(
  cbf: Float32Array,
  tmax: Float32Array,
  grid: GridGeometry,
  { tmaxSecondsMin, coreCbfFraction, lesionMlMin }: PerfusionParameters,
): Lesions {
  const voxelMl = Math.abs(dot(grid.columnStepLps, cross(grid.rowStepLps, grid.sliceStepLps))) / 1000;
  const voxelsMin = lesionMlMin / voxelMl;
  const normal = cbf.filter((_, voxel) => tmax[voxel]! <= normalTmaxSeconds).toSorted();
  const normalCbf = normal.length > 0 ? normal[Math.floor(normal.length / 2)]! : Number.NaN;
  const late = Uint8Array.from(tmax, (seconds) => +(seconds > tmaxSecondsMin));
  const hypoperfused = withoutIslands(late, grid, voxelsMin);
  const low = hypoperfused.map((inside, voxel) => +(inside > 0 && cbf[voxel]! < coreCbfFraction * normalCbf));
  const core = withoutIslands(low, grid, voxelsMin);
  const penumbra = hypoperfused.map((inside, voxel) => +(inside > 0 && core[voxel] === 0));
  const [coreMl, penumbraMl] = [count(core) * voxelMl, count(penumbra) * voxelMl];
  const mismatchRatio = coreMl > 0 ? (coreMl + penumbraMl) / coreMl : undefined;
  return { core, penumbra, coreMl, penumbraMl, mismatchRatio, normalCbf };
}

const count = (mask: Uint8Array) => mask.reduce((sum, inside) => sum + inside, 0);

function withoutIslands(
  mask: Uint8Array,
  { columns, rows, slices }: GridGeometry,
  voxelsMin: number,
): Uint8Array {
  const { labels, voxelCounts } = labelComponents(mask, [columns, rows, slices], 18);
  return Uint8Array.from(labels, (label) => +(label > 0 && voxelCounts[label]! >= voxelsMin));
}
