import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { residueKernel, truncationKernel } from "./kernel.ts";
import { arteryAt, tissueCurve } from "./perfusion.fixture.ts";
import { BlockCirculantSvd } from "./reference.ts";
import { lagRange, oscillationOf, peakOf } from "./residue-peak.ts";
import { inverseTable, ladder, residueOf, truncatedInverses } from "./truncated-inverses.ts";

const stepSeconds = 1.5;
const times = Array.from({ length: 24 }, (_, step) => step * stepSeconds);
const aif = times.map(arteryAt);
const range = lagRange(stepSeconds, aif.length);

/** Noise of 2 HU on tissue of 50 mL/100 mL/min, different for each voxel. */
const noisy = (voxel: number) =>
  tissueCurve(times, { cbf: 50, mttSeconds: 3 + (voxel % 5), delaySeconds: voxel % 4 }).map(
    (value, step) => value + 2 * Math.sin(37.7 * voxel + 91.3 * step),
  );
const voxels = Array.from({ length: 40 }, (_, voxel) => noisy(voxel).map(Math.fround));
const svd = new BlockCirculantSvd(aif, stepSeconds);

test("leaving out frequencies is leaving out singular values", () => {
  for (const inverse of truncatedInverses(aif, stepSeconds, [0.01, 0.1, 0.4])) {
    const expected = svd.residue(voxels[7]!, inverse.fraction);
    const largest = Math.max(...expected.map(Math.abs));
    for (const [lag, value] of residueOf(inverse, voxels[7]!).entries())
      expect(Math.abs(value - expected[lag]!)).toBeLessThan(1e-9 * largest);
  }
});

test("the lag of a negative delay is negative, and the peak lies between the steps", () => {
  const residue = Array.from({ length: 48 }, (_, n) =>
    Math.max(0, 1 - Math.abs((n > 24 ? n - 48 : n) + 2.25) / 4),
  );
  expect(peakOf(residue, range)).toMatchObject({
    lag: expect.closeTo(-2.25, 0),
    value: expect.closeTo(0.9375, 4),
  });
  expect(
    peakOf(
      residue.map((value) => -value),
      range,
    ),
  ).toEqual({ value: 0, lag: 0 });
});

test("a straight line does not oscillate, a zigzag does", () => {
  const line = Array.from({ length: 10 }, (_, n) => 10 - n);
  expect(oscillationOf(line, { min: 0, max: 5 })).toBeCloseTo(0, 12);
  // Second differences of 2 at each of 8 points, and a peak of 1.
  const zigzag = line.map((_, n) => n % 2);
  expect(oscillationOf(zigzag, { min: 0, max: 5 })).toBeCloseTo(16, 12);
});

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

test.each([2, 3, 8])(
  "the kernels find what the float64 SVD finds, oscillation below %d",
  async (oscillationMax) => {
    const fractions = ladder();
    const frames = times.map((_, step) => Float32Array.from(voxels, (curve) => curve[step]!));
    const tables = { inverse: inverseTable(truncatedInverses(aif, stepSeconds, fractions)) };
    const numbers = { count: aif.length, lagMax: range.max, lagMin: range.min, size: 2 * aif.length };
    const { values } = await runner.mapVoxels({
      kernel: truncationKernel,
      frames,
      tables,
      numbers: { ...numbers, oscillationMax, levels: fractions.length, rounds: 6 },
      outputs: 1,
    });
    const found = await runner.mapVoxels({
      kernel: residueKernel,
      frames: [...frames, values[0]!],
      tables,
      numbers,
      outputs: 2,
    });
    const levels = new Set<number>();
    for (const [voxel, curve] of voxels.entries()) {
      const expected = svd.calmPeak(curve, fractions, oscillationMax, range);
      levels.add(expected.level);
      expect(values[0]![voxel]).toBe(expected.level);
      expect(found.values[0]![voxel]! / expected.value).toBeCloseTo(1, 4);
      expect(found.values[1]![voxel]).toBeCloseTo(expected.lag, 3);
    }
    expect(levels.size).toBeGreaterThan(1);
  },
);
