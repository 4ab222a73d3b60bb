import { expect, test } from "vitest";
import { lpsToVoxel, voxelToLps, type GridGeometry } from "./volume.ts";

const tilted: GridGeometry = {
  columns: 4,
  rows: 5,
  slices: 6,
  originLps: [-10, 20, 30],
  columnStepLps: [0.9, 0, 0],
  rowStepLps: [0, 1.1, 0],
  sliceStepLps: [0, 0.6, 2.4],
};

test("voxel to patient space and back is the identity, also on a sheared grid", () => {
  const back = lpsToVoxel(tilted)(voxelToLps(tilted, 1.5, 2.25, 3.75));
  expect(back[0]).toBeCloseTo(1.5, 12);
  expect(back[1]).toBeCloseTo(2.25, 12);
  expect(back[2]).toBeCloseTo(3.75, 12);
});

test("a grid whose steps lie in one plane is refused", () => {
  expect(() => lpsToVoxel({ ...tilted, sliceStepLps: [1, 1, 0] })).toThrow(RangeError);
});
