import { expect, test } from "vitest";
import { findLesions } from "./lesions.ts";
import { defaultPerfusionParameters } from "./parameters.ts";

/** 2 x 2 x 5 mm: 0.02 mL a voxel. */
const grid = {
  columns: 20,
  rows: 20,
  slices: 2,
  originLps: [0, 0, 0],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 5],
} as const;

const at = (voxel: number) => [voxel % 20, Math.floor(voxel / 20) % 20] as const;
const mapOf = (valueAt: (column: number, row: number) => number) =>
  Float32Array.from({ length: 800 }, (_, voxel) => valueAt(...at(voxel)));

/** A late square of 10 x 10 in both slices, with a quarter of it almost without flow; a late island of one column. */
const tmax = mapOf((column, row) => (column < 10 && row < 10 ? 9 : column === 15 && row < 4 ? 8 : 1.5));
const cbf = mapOf((column, row) => (column < 5 && row < 5 ? 8 : column >= 18 ? 5 : 50));

test("volumes of core and penumbra, and their ratio; islands and low flow that comes in time are no lesion", () => {
  const lesions = findLesions(cbf, tmax, grid, defaultPerfusionParameters);
  expect(lesions).toMatchObject({
    coreMl: expect.closeTo(50 * 0.02, 9),
    penumbraMl: expect.closeTo(150 * 0.02, 9),
    mismatchRatio: expect.closeTo(4, 9),
    normalCbf: 50,
  });
  expect(lesions.core.every((inside, voxel) => inside === +(at(voxel)[0] < 5 && at(voxel)[1] < 5))).toBe(
    true,
  );
});

test("without a core there is no ratio; without normal tissue there is no core", () => {
  expect(findLesions(cbf.fill(50), tmax, grid, defaultPerfusionParameters)).toMatchObject({
    coreMl: 0,
    mismatchRatio: undefined,
  });
  const late = findLesions(
    cbf,
    tmax.map(() => 9),
    grid,
    defaultPerfusionParameters,
  );
  expect(late).toMatchObject({ coreMl: 0, penumbraMl: expect.closeTo(16, 9), normalCbf: Number.NaN });
});
