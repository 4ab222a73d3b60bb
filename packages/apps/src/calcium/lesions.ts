/** Agatston's lesions: what is bright and hangs together within one slice, large enough not to be noise. */
import { cross, length, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry } from "@releve/domain/volume";
import { unmeasured } from "../regions/classify-voxels.ts";
import { labelComponents } from "../regions/label-components.ts";

export type Lesion = {
  readonly slice: number;
  /** Indices into the volume, rising. */
  readonly voxels: Int32Array;
  readonly areaMm2: number;
  /** Of the lesion's densest voxel: 1 from 130 HU, 2 from 200 HU, 3 from 300 HU, 4 from 400 HU. */
  readonly weight: number;
  readonly centerLps: Vec3;
};

/** HU at which the weights 1 to 4 begin (Agatston 1990). */
export const weightBoundsHu: readonly number[] = [130, 200, 300, 400];

const areaMinMm2 = 1;
/** A pixel's area is computed: four pixels of 0.25 mm2 are 1 mm2 whatever float64 says. */
const areaTolerance = 1e-9;

export const pixelAreaMm2 = (grid: GridGeometry): number =>
  length(cross(grid.columnStepLps, grid.rowStepLps));

/**
 * Slice by slice, in the volume's order. Pixels belong together over edges and corners (8 neighbours).
 * @param classes per voxel, how many of `weightBoundsHu` it reaches
 */
export function findLesions(classes: Uint8Array, grid: GridGeometry): readonly Lesion[] {
  const inSlice = grid.columns * grid.rows;
  return Array.from({ length: grid.slices }, (_, slice) => {
    const part = classes.subarray(slice * inSlice, (slice + 1) * inSlice);
    return lesionsOfSlice(part, grid, slice);
  }).flat();
}

function lesionsOfSlice(classes: Uint8Array, grid: GridGeometry, slice: number): readonly Lesion[] {
  const bright = classes.map((value) => (value > 0 && value !== unmeasured ? 1 : 0));
  if (!bright.includes(1)) return [];
  const { labels, count, voxelCounts } = labelComponents(bright, [grid.columns, grid.rows, 1], 8);
  const areaMm2 = pixelAreaMm2(grid);
  const members = Array.from({ length: count + 1 }, (_, label) =>
    label > 0 && voxelCounts[label]! * areaMm2 >= areaMinMm2 - areaTolerance
      ? new Int32Array(voxelCounts[label]!)
      : undefined,
  );
  const filled = new Uint32Array(count + 1);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel]!;
    const member = members[label];
    if (member) member[filled[label]!++] = pixel;
  }
  return members
    .filter((pixels) => pixels !== undefined)
    .map((pixels) => ({
      slice,
      voxels: pixels.map((pixel) => slice * classes.length + pixel),
      areaMm2: pixels.length * areaMm2,
      weight: pixels.reduce((most, pixel) => Math.max(most, classes[pixel]!), 0),
      centerLps: centerOf(pixels, grid, slice),
    }));
}

function centerOf(pixels: Int32Array, grid: GridGeometry, slice: number): Vec3 {
  const column = pixels.reduce((sum, pixel) => sum + (pixel % grid.columns), 0) / pixels.length;
  const row = pixels.reduce((sum, pixel) => sum + Math.floor(pixel / grid.columns), 0) / pixels.length;
  return voxelToLps(grid, column, row, slice);
}
