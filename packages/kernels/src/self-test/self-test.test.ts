import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "../gpu-js-runner.ts";
import type { KernelRunner, VoxelKernel } from "../kernel-runner.ts";
import { builtInSelfTests } from "./built-in-self-tests.ts";
import { runSelfTests, worstDifference } from "./self-test.ts";
import { voxelSelfTest } from "./voxel-self-test.ts";

const names = [
  "reslice",
  "project-max",
  "project-min",
  "project-mean",
  "render",
  "back-project-parallel",
  "back-project-cone",
];

const double: VoxelKernel = {
  name: "double",
  run: function double(
    this: { readonly thread: { readonly x: number } },
    samples: number[][],
    factor: number,
  ): number {
    return samples[this.thread.x]![0]! * factor;
  },
  loopMaxIterations: 1,
};

const doubling = (wanted: readonly number[]) =>
  voxelSelfTest({
    task: {
      kernel: double,
      frames: [Float32Array.of(1, 2, Number.NaN)],
      tables: {},
      numbers: { factor: 2 },
      outputs: 1,
    },
    wanted: [wanted],
    tolerance: 1e-6,
  });

describe.each([
  { engine: "webasm", threads: 1 },
  { engine: "cpu", threads: 1 },
] as const)("$engine", (options) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner(options);
  });
  afterAll(() => runner.close());

  test("every kernel of the runner is within its tolerance, and names its engine", async () => {
    const results = await runSelfTests(runner, [...builtInSelfTests(), doubling([2, 4, Number.NaN])]);
    expect(results.map(({ kernel }) => kernel)).toEqual([...names, "double"]);
    for (const result of results)
      expect(result).toMatchObject({ ok: true, engine: `gpu.js/${options.engine}`, reason: null });
  });

  test("a kernel that is off, or gives a value where there is none, is found", async () => {
    const results = await runSelfTests(runner, [doubling([2, 4.1, Number.NaN]), doubling([2, 4, 6])]);
    expect(results).toMatchObject([
      { ok: false, reason: null },
      { ok: false, worst: null, reason: "it gives a value where there is none, or none where there is one" },
    ]);
    expect(results[0]!.worst).toBeCloseTo(0.1 / 4.1, 5);
  });

  /** Each is what a wrong build or driver might do; none may pass as right. */
  test.each<[string, (real: KernelRunner) => Partial<KernelRunner>, string[]]>([
    [
      "a reslice that is half a voxel off",
      (real) => ({
        reslice: (volume, planes) =>
          real.reslice(
            volume,
            planes.map((plane) => ({
              ...plane,
              originLps: [plane.originLps[0] + 0.4, plane.originLps[1], plane.originLps[2]],
            })),
          ),
      }),
      ["reslice"],
    ],
    [
      "a mean that leaves out a sample",
      (real) => ({
        project: (volume, slabs, projection) =>
          real.project(
            volume,
            slabs.map((slab) => (projection === "mean" ? { ...slab, steps: slab.steps - 1 } : slab)),
            projection,
          ),
      }),
      ["project-mean"],
    ],
    [
      "a largest value that is the smallest",
      (real) => ({ project: (volume, slabs) => real.project(volume, slabs, "min") }),
      ["project-max", "project-mean"],
    ],
    [
      "a rendering that does not cut",
      (real) => ({ render: (volume, views, look) => real.render(volume, views, { ...look, clip: [] }) }),
      ["render"],
    ],
    [
      "a rendering that does not shade",
      (real) => ({
        render: (volume, views, look) => real.render(volume, views, { ...look, ambient: 1, diffuse: 0 }),
      }),
      ["render"],
    ],
    [
      "an engine that fails",
      () => ({
        render: () => {
          throw new Error("the driver is gone");
        },
      }),
      ["render"],
    ],
  ])("%s", async (_, wrong, failed) => {
    const results = await runSelfTests({ ...runner, ...wrong(runner) }, builtInSelfTests());
    expect(results.filter(({ ok }) => !ok).map(({ kernel }) => kernel)).toEqual(failed);
  });
});

test("two that differ in shape differ without bound", () => {
  expect(worstDifference([1, 2], [1])).toBe(Number.POSITIVE_INFINITY);
  expect(worstDifference([1, Number.NaN], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(worstDifference([1, Number.NaN], [1.5, Number.NaN])).toBe(0.5);
});
