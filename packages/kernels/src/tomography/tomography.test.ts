import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "../gpu-js-runner.ts";
import { VolumeTooLargeFault } from "../faults.ts";
import type { KernelRunner } from "../kernel-runner.ts";
import { worstDifference } from "../self-test/self-test.ts";
import { openSimdEngine } from "../simd/open-simd-engine.ts";
import type { ReconstructionGrid } from "./circular-scan.ts";
import { rampFiltered } from "./ramp-filter.ts";
import { sheppLoganScan } from "./shepp-logan-scan.ts";
import { densityAt, lineIntegral } from "./shepp-logan.ts";
import { tomographySelfTests } from "./tomography-self-tests.ts";

test("a line through the phantom's middle crosses what lies on it", () => {
  // Along x at y = 0: the skull's two walls at density 1, the brain at 0.2, the two ventricles at 0.
  let sum = 0;
  const stepMm = 0.01;
  for (let x = -100; x < 100; x += stepMm) sum += densityAt([x, 0, 0]) * stepMm;
  expect(lineIntegral([0, 0, 0], [1, 0, 0])).toBeCloseTo(sum, 1);
  expect(lineIntegral([-300, 0, 0], [1, 0, 0])).toBeCloseTo(sum, 1);
  expect(lineIntegral([0, 95, 0], [1, 0, 0])).toBe(0);
});

test("the ramp takes a constant to almost nothing and one peak to the filter itself", () => {
  const constant = rampFiltered(new Float64Array(401).fill(1), 1);
  expect(Math.abs(constant[200]!)).toBeLessThan(0.002);
  const peak = rampFiltered(Float64Array.of(0, 0, 1, 0, 0), 2);
  expect([...peak]).toEqual([0, -1 / (2 * Math.PI ** 2), 1 / 8, -1 / (2 * Math.PI ** 2), 0]);
});

type Reconstructs = Pick<KernelRunner, "reconstruct" | "close">;

const engines: Readonly<Record<string, () => Promise<Reconstructs>>> = {
  "gpu.js on cpu": () => openGpuJsRunner({ engine: "cpu", threads: 1 }),
  "gpu.js on webasm": () => openGpuJsRunner({ engine: "webasm", threads: 1 }),
  "SIMD, plain": () => openSimdEngine({ threads: 2, budgetBytes: 2 ** 28, build: "plain" }),
  "SIMD, relaxed": () => openSimdEngine({ threads: 3, budgetBytes: 2 ** 28, build: "relaxed" }),
};

/** Askew to the axis on purpose, and with voxels that the detector sees in part or not at all. */
const grid: ReconstructionGrid = {
  columns: 19,
  rows: 13,
  slices: 11,
  originMm: [-70, -94, -33],
  spacingMm: [8.7, 14.3, 5.9],
};

const shape = { binCount: 75, binMm: 2.5, rowCount: 21, rowMm: 3 };
const scans = {
  "parallel beams": sheppLoganScan({ ...shape, angleCount: 45, turnRad: Math.PI }),
  "a cone": sheppLoganScan({ ...shape, angleCount: 61, turnRad: 2 * Math.PI, sourceMm: 350 }),
};

/** Of a density that is 1 in the skull. Float32's rounding: of sums, and of places to 3e-5 of a bin or row. */
const tolerance = 2e-5;

describe.each(Object.entries(engines))("%s", (_name, open) => {
  let engine: Reconstructs;
  let oracle: GpuJsRunner;
  beforeAll(async () => {
    engine = await open();
    oracle = await openGpuJsRunner({ engine: "cpu", threads: 1 });
  });
  afterAll(() => Promise.all([engine.close(), oracle.close()]));

  test("the phantom comes back from its projections, parallel and in a cone", async () => {
    for (const { run } of tomographySelfTests) {
      const { worst } = await run(engine);
      expect(worst).toBeLessThan(0.018);
    }
  });

  test.each(Object.entries(scans))("every voxel is the oracle's: %s", async (_kind, scan) => {
    const wanted = await oracle.reconstruct(scan, grid);
    const { values } = await engine.reconstruct(scan, grid);
    expect(worstDifference(values, wanted.values)).toBeLessThan(tolerance);
    // Not all of it is zero, and what no ray meets is.
    expect(Math.max(...values)).toBeGreaterThan(0.5);
    expect(values.filter((value) => value === 0)).toHaveLength(
      wanted.values.filter((one) => one === 0).length,
    );
  });

  test("what has no meaning, and what is beyond the budget, is refused", async () => {
    const scan = scans["a cone"];
    await expect(engine.reconstruct({ ...scan, sourceMm: 90 }, grid)).rejects.toThrow(RangeError);
    await expect(engine.reconstruct({ ...scan, rowCount: 20 }, grid)).rejects.toThrow(RangeError);
    const large = { ...grid, columns: 4096, spacingMm: [0.01, 14.3, 5.9] as const, slices: 4096 };
    await expect(engine.reconstruct(scan, large)).rejects.toThrow(VolumeTooLargeFault);
  });
});
