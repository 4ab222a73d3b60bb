/** Random sheared grids with planes and slabs across them, which the engines' tests share. */
import * as fc from "fast-check";
import { add, cross, scale, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import type { Projection } from "./kernel-runner.ts";
import type { Slab } from "./ray-task.ts";
import { pixelLps } from "./reference/reslice-reference.ts";
import { indexTolerance } from "./sampling-rules.ts";

export const unitGrid: GridGeometry = {
  columns: 5,
  rows: 4,
  slices: 6,
  originLps: [0, 0, 0],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 1],
};

export function volumeOf(
  geometry: GridGeometry,
  valueAt: (x: number, y: number, z: number) => number,
  scaling = { slope: 1, intercept: 0 },
  padding?: Volume["padding"],
): Volume {
  const { columns, rows, slices } = geometry;
  const values = new Int16Array(new SharedArrayBuffer(columns * rows * slices * 2));
  let index = 0;
  for (let z = 0; z < slices; z++)
    for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) values[index++] = valueAt(x, y, z);
  return { geometry, voxels: { kind: "stored", values, ...scaling }, ...(padding && { padding }) };
}

/** True where float32 may decide the other way than float64: a sample at a face's or a snapped voxel's tolerance. */
export function onTheEdge(geometry: GridGeometry, slab: Slab, column: number, row: number): boolean {
  const toVoxel = lpsToVoxel(geometry);
  for (let step = 0; step < slab.steps; step++) {
    const at = scale(slab.stepLps, step - (slab.steps - 1) / 2);
    const indices = toVoxel(add(pixelLps(slab.plane, column, row), at));
    const margins = indices.map((index) => Math.abs(Math.abs(index - Math.round(index)) - indexTolerance));
    if (Math.min(...margins) < 1e-4) return true;
  }
  return false;
}

const component = fc.double({ min: -1, max: 1, noNaN: true });
const direction = fc.tuple(component, component, component).map((v) => v as Vec3);
const basis = fc
  .tuple(direction, direction)
  .filter(([u, v]) => {
    const area = Math.hypot(...cross(u, v));
    return area > 0.2;
  })
  .map(([u, v]) => ({ u, v, n: cross(u, v) }));

export const randomCase = fc.record({
  volumeBasis: basis,
  planeBasis: basis,
  spacing: fc.double({ min: 0.3, max: 3, noNaN: true }),
  offset: direction,
  steps: fc.integer({ min: 1, max: 12 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
  slope: fc.constantFrom(1, 0.05, -2, 1.7),
  padded: fc.boolean(),
  projection: fc.constantFrom<Projection>("max", "min", "mean"),
});
export type RandomCase = typeof randomCase extends fc.Arbitrary<infer T> ? T : never;

export function buildCase(given: RandomCase, slices = unitGrid.slices): { volume: Volume; slab: Slab } {
  const geometry: GridGeometry = {
    ...unitGrid,
    slices,
    originLps: scale(given.offset, 50),
    columnStepLps: scale(given.volumeBasis.u, given.spacing),
    rowStepLps: given.volumeBasis.v,
    sliceStepLps: scale(given.volumeBasis.n, 2),
  };
  const noise = (x: number, y: number, z: number) => ((given.seed * (x + 7 * y + 31 * z + 1)) % 4001) - 2000;
  const padding = given.padded ? { low: -2000, high: -1500 } : undefined;
  const volume = volumeOf(geometry, noise, { slope: given.slope, intercept: -1024 }, padding);
  const centre = voxelToLps(geometry, 2, 1.5, (slices - 1) / 2);
  const columnStepLps = scale(given.planeBasis.u, 0.7);
  const rowStepLps = scale(given.planeBasis.v, 0.6);
  const corner = add(scale(columnStepLps, -6.5), scale(rowStepLps, -5.5));
  const plane = { columns: 14, rows: 12, originLps: add(centre, corner), columnStepLps, rowStepLps };
  return { volume, slab: { plane, stepLps: scale(given.planeBasis.n, 0.5), steps: given.steps } };
}
