import { realVolume, axialGrid, grids } from "../known-volume.fixture.ts";
import type { GridGeometry } from "@releve/domain/volume";
import { expect, test } from "vitest";
import { suvPeakReference } from "./reference.ts";
import { peakRadiusMm, peakSphere, suvPeak } from "./suv-peak.ts";

test("the sphere holds 1 ml", () => {
  expect(peakRadiusMm).toBeCloseTo(6.2035, 4);
  const fine: GridGeometry = {
    ...axialGrid,
    columnStepLps: [0.5, 0, 0],
    rowStepLps: [0, 0.5, 0],
    sliceStepLps: [0, 0, 0.5],
  };
  expect(peakSphere(fine).length * 0.000125).toBeCloseTo(1, 2);
  const coarse: GridGeometry = {
    ...axialGrid,
    columnStepLps: [13, 0, 0],
    rowStepLps: [0, 13, 0],
    sliceStepLps: [0, 0, 13],
  };
  expect(peakSphere(coarse)).toEqual([[0, 0, 0]]);
});

test("a single hot voxel is spread over the 19 voxels of 4 mm that the sphere holds, and over fewer at the volume's edge", () => {
  const grid: GridGeometry = {
    ...axialGrid,
    columnStepLps: [4, 0, 0],
    rowStepLps: [0, 4, 0],
    sliceStepLps: [0, 0, 4],
  };
  const sphere = peakSphere(grid);
  expect(sphere).toHaveLength(1 + 6 + 12);
  const middle = (6 * 20 + 10) * 24 + 12;
  const values = new Float32Array(24 * 20 * 12);
  values[middle] = 10;
  expect(suvPeak(values, grid, sphere, Int32Array.of(middle))).toBeCloseTo(10 / 19, 12);
  // A centre beside it does as well: the sphere that holds the spot counts, wherever it begins.
  expect(suvPeak(values, grid, sphere, Int32Array.of(middle + 1))).toBeCloseTo(10 / 19, 12);
  expect(suvPeak(values, grid, sphere, Int32Array.of(middle + 3))).toBe(0);
  values[0] = 10;
  // A corner: itself, 3 neighbours by a face, 3 by an edge.
  expect(suvPeak(values, grid, sphere, Int32Array.of(0))).toBeCloseTo(10 / 7, 12);
});

test.each(Object.keys(grids))("agrees with every voxel's distance, gaps left out: %s", (name) => {
  const grid: GridGeometry = { ...grids[name]!, columns: 12, rows: 11, slices: 7 };
  const volume = realVolume(grid, ([x, y, z]) => Math.abs(Math.sin(x * 3.1 + y * 7.3 + z * 11.7)) * 10);
  const values = Float32Array.from(volume.voxels.values, (value, at) => (at % 17 === 0 ? Number.NaN : value));
  const region = Int32Array.from({ length: 30 }, (_, index) => index * 29 + 1).filter((at) => at % 17 !== 0);
  const found = suvPeak(values, grid, peakSphere(grid), region);
  expect(found).toBeCloseTo(suvPeakReference(values, volume, region), 9);
});
