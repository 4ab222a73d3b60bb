import * as fc from "fast-check";
import { expect, test } from "vitest";
import { slabsOf, touchedSlabs } from "./volume-slabs.ts";

const sliceBytes = 10 * 8 * 4;

test("slabs follow on one another, hold two slices more than a sample of theirs lies between, and fit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 6, max: 400 }), (slices, fitting) => {
      const slabs = slabsOf({ size: [10, 8, slices] }, fitting * sliceBytes);
      expect(slabs[0]).toMatchObject({ firstSlice: 0, from: -1e9 });
      expect(slabs.at(-1)).toMatchObject({ lastSlice: slices - 1, to: 1e9 });
      for (const [index, { firstSlice, lastSlice, from, to }] of slabs.entries()) {
        expect(lastSlice - firstSlice + 1).toBe(Math.min(slices, fitting));
        if (index > 0) expect(from).toBe(slabs[index - 1]!.to);
        expect(from).toBeLessThan(to);
        if (firstSlice > 0) expect(from - 2).toBeGreaterThanOrEqual(firstSlice);
        if (lastSlice < slices - 1) expect(to + 2).toBeLessThanOrEqual(lastSlice);
      }
    }),
  );
});

test("3,000 slices of 512 x 512 in float32 are two slabs of the 2 GiB that a runner has by itself", () => {
  expect(slabsOf({ size: [512, 512, 3000] }, 2 ** 31)).toEqual([
    { firstSlice: 0, lastSlice: 2047, from: -1e9, to: 2045 },
    { firstSlice: 952, lastSlice: 2999, from: 2045, to: 1e9 },
  ]);
});

test("where not even six slices fit, the numbers say so", () => {
  expect(() => slabsOf({ size: [10, 8, 100] }, 6 * sliceBytes - 1)).toThrowError(
    expect.objectContaining({ neededBytes: 6 * sliceBytes, budgetBytes: 6 * sliceBytes - 1 }),
  );
  expect(slabsOf({ size: [10, 8, 3] }, 3 * sliceBytes)).toHaveLength(1);
});

test("a plane across the slices needs the slabs that it lies in, one beside the volume needs one to compute with", () => {
  const slabs = slabsOf({ size: [10, 8, 100] }, 26 * sliceBytes);
  expect(slabs).toHaveLength(5);
  const plane = {
    columns: 10,
    rows: 8,
    steps: 1,
    right: [1, 0, 0],
    down: [0, 1, 0],
    along: [0, 0, 1e-9],
  } as const;
  expect(touchedSlabs(slabs, { ...plane, origin: [0, 0, 10] })).toEqual([slabs[0]]);
  expect(touchedSlabs(slabs, { ...plane, origin: [0, 0, 90], along: [0, 0, -1], steps: 91 })).toEqual(slabs);
  expect(touchedSlabs(slabs, { ...plane, origin: [0, 0, 23.4] })).toEqual(slabs.slice(0, 2));
  expect(touchedSlabs(slabs, { ...plane, origin: [0, 0, 2000] })).toEqual([slabs[4]]);
});
