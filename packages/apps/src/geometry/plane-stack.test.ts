import * as fc from "fast-check";
import { dot, length, subtract, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, PlaneGeometry } from "@releve/domain/volume";
import { expect, test } from "vitest";
import { axialGrid, grids } from "../known-volume.fixture.ts";
import { inPlaneSpacingMm, sliceSpacingMm, slicePlane, spacingAlongMm, tiltDegrees } from "./grid-facts.ts";
import { orientationOf, patientOrientations } from "./orientation.ts";
import { boxAround, cornersLps } from "./patient-box.ts";
import { planeStack } from "./plane-stack.ts";

const stackOf = (grid: GridGeometry, plane: keyof typeof patientOrientations, intervalMm = 1) =>
  planeStack(grid, { orientation: patientOrientations[plane], spacingMm: 0.7, intervalMm, imagesMax: 100 });

test("facts of an axial and of a tilted grid", () => {
  expect(inPlaneSpacingMm(axialGrid)).toBeCloseTo(0.7, 12);
  expect(sliceSpacingMm(axialGrid)).toBeCloseTo(2.5, 12);
  expect(tiltDegrees(axialGrid)).toBeCloseTo(0, 6);
  const tilted = grids["a tilted gantry"]!;
  expect(tiltDegrees(tilted)).toBeCloseTo(18, 9);
  expect(sliceSpacingMm(tilted)).toBeCloseTo(2.5 * Math.cos((18 * Math.PI) / 180), 12);
  expect(spacingAlongMm(axialGrid, [0, 0, 1])).toBe(2.5);
  expect(spacingAlongMm(axialGrid, [0, Math.SQRT1_2, Math.SQRT1_2])).toBeCloseTo(0.7, 12);
});

test("the plane of the slices, or none for oblique ones", () => {
  expect(Object.values(grids).map((grid) => slicePlane(grid, 10))).toEqual([
    "axial",
    "axial",
    "sagittal",
    "coronal",
    undefined,
    undefined,
  ]);
});

test("the orientations are as read: left is right, feet are down", () => {
  const { coronal, sagittal } = patientOrientations;
  expect([coronal.row, coronal.column]).toEqual([
    [1, 0, 0],
    [0, 0, -1],
  ]);
  expect([sagittal.row, sagittal.column]).toEqual([
    [0, 1, 0],
    [0, 0, -1],
  ]);
  expect([coronal.normal[1], sagittal.normal[0]]).toEqual([1, -1]);
  expect(() => orientationOf([1, 1, 0], [2, 2, 0])).toThrow(RangeError);
  expect(orientationOf([2, 0, 0], [5, 3, 0])).toEqual({
    row: [1, 0, 0],
    column: [0, 1, 0],
    normal: [0, 0, 1],
  });
});

test("coronal planes of an axial grid begin at its right front upper corner and keep its columns", () => {
  const { planes, limits } = stackOf(axialGrid, "coronal");
  const first = planes[0]!;
  expect(limits).toEqual([]);
  expect(first.columns).toBe(24);
  expect(first.rows).toBe(Math.floor(27.5 / 0.7) + 1);
  expect(first.originLps[0]).toBeCloseTo(-31, 9);
  expect(planes).toHaveLength(18);
  expect(first.originLps[1]).toBeCloseTo(12 + 0.05, 9);
  // 27.5 mm hold 39 steps of 0.7 mm: the 0.2 mm that are left lie half above and half below.
  expect(first.originLps[2]).toBeCloseTo(72.5 - 0.1, 9);
});

const lastPixel = (plane: PlaneGeometry): Vec3 => [
  plane.originLps[0] + (plane.columns - 1) * plane.columnStepLps[0] + (plane.rows - 1) * plane.rowStepLps[0],
  plane.originLps[1] + (plane.columns - 1) * plane.columnStepLps[1] + (plane.rows - 1) * plane.rowStepLps[1],
  plane.originLps[2] + (plane.columns - 1) * plane.columnStepLps[2] + (plane.rows - 1) * plane.rowStepLps[2],
];

test("any stack covers the box to within one pixel and one interval, within its limits", () => {
  const direction = fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .map((v) => v as Vec3);
  const request = fc.record({
    grid: fc.constantFrom(...Object.values(grids)),
    row: direction,
    spacingMm: fc.double({ min: 0.01, max: 5, noNaN: true }),
    intervalMm: fc.double({ min: 0.05, max: 8, noNaN: true }),
    imagesMax: fc.integer({ min: 1, max: 60 }),
    anchorMm: fc.option(fc.double({ min: 0.1, max: 3, noNaN: true }), { nil: undefined }),
  });
  fc.assert(
    fc.property(request, ({ grid, row, anchorMm, ...asked }) => {
      const orientation = orientationOf(row, [-row[1], row[0] || 1, 0.5]);
      const stack = planeStack(grid, { orientation, ...asked, ...(anchorMm !== undefined && { anchorMm }) });
      const box = boxAround(grid, orientation);
      const [first, last] = [stack.planes[0]!, stack.planes.at(-1)!];
      expect(stack.planes.length).toBeLessThanOrEqual(asked.imagesMax);
      expect(Math.max(first.columns, first.rows)).toBeLessThanOrEqual(1024);
      const axes = [orientation.row, orientation.column, orientation.normal];
      const slack = [stack.spacingMm, stack.spacingMm, stack.intervalMm];
      axes.forEach((axis, index) => {
        const low = dot(first.originLps, axis) - box.low[index]!;
        const high = box.high[index]! - dot(lastPixel(last), axis);
        expect(Math.min(low, high)).toBeGreaterThan(-1e-4);
        expect(low + high).toBeLessThan(slack[index]! + 1e-4);
      });
    }),
  );
});

test("what a limit makes coarser is said with both numbers", () => {
  const wide = { ...axialGrid, columns: 2001, columnStepLps: [0.5, 0, 0] as const };
  const { planes, limits } = planeStack(wide, {
    orientation: patientOrientations.coronal,
    spacingMm: 0.5,
    intervalMm: 0.5,
    imagesMax: 10,
  });
  expect(planes[0]!.columns).toBe(1024);
  expect(planes.length).toBeLessThanOrEqual(10);
  expect(limits[0]).toMatch(/0\.978 mm instead of 0\.5 mm: at most 1024/);
  expect(limits[1]).toMatch(/1\.9 mm instead of 0\.5 mm: at most 10 images/);
});

test("eight corners, of a sheared grid too", () => {
  const corners = cornersLps(grids["a tilted gantry"]!);
  expect(corners).toHaveLength(8);
  expect(length(subtract(corners[7]!, corners[0]!))).toBeCloseTo(
    Math.hypot(23 * 0.7, 19 * 0.9 * Math.cos(0.1 * Math.PI), 27.5 + 19 * 0.9 * Math.sin(0.1 * Math.PI)),
    9,
  );
});
