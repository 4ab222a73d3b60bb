import type { Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axialGrid } from "../known-volume.fixture.ts";
import { classifyVoxels, unmeasured } from "./classify-voxels.ts";

const values = Int16Array.from({ length: 24 * 20 * 12 }, (_, index) => (index % 600) - 100);
const volume: Volume = {
  geometry: axialGrid,
  voxels: { kind: "stored", values, slope: 1, intercept: 0 },
  padding: { low: -100, high: -90 },
};

describe.each(["webasm", "cpu"] as const)("%s", (engine) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner({ engine, threads: 1 });
  });
  afterAll(() => runner.close());

  test("each voxel is in the class of the last bound that it reaches; padding is in none", async () => {
    const bounds = [130, 200, 300, 400];
    const found = await classifyVoxels(volume, bounds, runner);
    const expected = Uint8Array.from(values, (value) =>
      value <= -90 ? unmeasured : bounds.filter((bound) => value >= bound).length,
    );
    expect(found.classes).toEqual(expected);
    expect(found.engine).toContain(engine);
  });
});
