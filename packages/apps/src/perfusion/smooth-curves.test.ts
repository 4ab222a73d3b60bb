import { expect, test } from "vitest";
import { smoothCurves } from "./smooth-curves.ts";

const grid = {
  columns: 41,
  rows: 41,
  slices: 2,
  originLps: [0, 0, 0],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 5],
} as const;
const everywhere = Int32Array.from({ length: 41 * 41 * 2 }, (_, voxel) => voxel);
const { signal } = new AbortController();
const middle = 20 * 41 + 20;

test("a point becomes a Gaussian of the width that was asked for, in mm and in its slice", async () => {
  const point = new Float32Array(everywhere.length);
  point[middle] = 1;
  const [smooth] = await smoothCurves([point], everywhere, grid, 8, signal);
  expect(smooth![middle + 4]! / smooth![middle]!).toBeCloseTo(0.5, 3);
  expect(smooth![middle + 2 * 41]! / smooth![middle]!).toBeCloseTo(0.5, 3);
  expect(smooth!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
  expect(smooth!.subarray(41 * 41).every((value) => value === 0)).toBe(true);
});

test("what is flat stays so to the brain's edge; unmeasured voxels weigh nothing and stay unmeasured", async () => {
  const voxels = everywhere.filter((voxel) => voxel % 41 > 10);
  const flat = new Float32Array(voxels.length).fill(7);
  flat[100] = Number.NaN;
  const [smooth] = await smoothCurves([flat], voxels, grid, 6, signal);
  const measured = smooth!.filter((_, at) => at !== 100);
  expect(smooth![100]).toBeNaN();
  expect(Math.max(...measured.map((value) => Math.abs(value - 7)))).toBeLessThan(1e-5);
});

test("a width of nothing leaves the curves alone", async () => {
  const steps = [Float32Array.of(1, 2)];
  expect(await smoothCurves(steps, Int32Array.of(0, 1), grid, 0, signal)).toBe(steps);
});
