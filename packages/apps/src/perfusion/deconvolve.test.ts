import type { KernelRunner, VoxelTask } from "@releve/kernels/kernel-runner";
import { expect, test } from "vitest";
import { deconvolve } from "./deconvolve.ts";
import { defaultPerfusionParameters } from "./parameters.ts";
import { timeAxis } from "./time-axis.ts";

const aif = [0, 0, 4, 9, 6, 3, 1, 0];
const curves = {
  axis: timeAxis(aif.map((_, step) => step)),
  baseline: { first: 0, last: 0 },
  voxels: Int32Array.of(0, 1),
  motions: { applied: [], mostMm: 0, image: 1 } as const,
  steps: aif.map((value) => Float32Array.of(value / 10, value / 20)),
};

const enginesOf = async (nextName: () => string) => {
  const runner = {
    mapVoxels: async ({ outputs, frames }: VoxelTask) => ({
      values: Array.from({ length: outputs }, () => new Float32Array(frames[0]!.length)),
      engine: nextName(),
    }),
  } as unknown as KernelRunner;
  const run = { runner, signal: new AbortController().signal, onProgress: () => undefined };
  return (await deconvolve(curves, aif, defaultPerfusionParameters, run)).engine;
};

test("each engine that computed is named once, also where only one of the two kernels falls back", async () => {
  expect(await enginesOf(() => "gpu.js/webasm")).toBe("gpu.js/webasm");
  const names = ["gpu.js/cpu (fallback)", "gpu.js/webasm"];
  expect(await enginesOf(() => names.shift()!)).toBe("gpu.js/cpu (fallback), gpu.js/webasm");
});
