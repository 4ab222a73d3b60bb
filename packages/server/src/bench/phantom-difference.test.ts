import { densityAt } from "@releve/kernels/tomography/shepp-logan";
import { expect, test } from "vitest";
import { phantomSamples, pictureDifference } from "./phantom-difference.ts";

const grid = {
  columns: 24,
  rows: 24,
  slices: 24,
  originMm: [-92, -92, -92],
  spacingMm: [8, 8, 8],
} as const;

test("half the phantom and a constant is the phantom, but for the noise", () => {
  const samples = phantomSamples(grid, 2);
  expect(samples.length).toBeGreaterThan(200);
  const values = new Float32Array(24 ** 3);
  for (const [index, { at, density }] of samples.entries())
    values[at] = density / 2 + 3 + (index % 2 === 0 ? 0.004 : -0.004);
  const { scale, offset, medianOff } = pictureDifference(values, samples);
  expect(scale).toBeCloseTo(2, 1);
  expect(offset).toBeCloseTo(-6, 0);
  expect(medianOff).toBeCloseTo(0.008, 3);
});

test("a sample is the voxel at its place, inside of the head and near the plane of the source", () => {
  for (const { at, density } of phantomSamples(grid, 3)) {
    const [x, y, z] = [at % 24, Math.floor(at / 24) % 24, Math.floor(at / 576)].map((one) => -92 + 8 * one);
    expect(density).toBe(densityAt([x!, y!, z!]));
    expect(Math.abs(z!)).toBeLessThanOrEqual(50);
  }
});
