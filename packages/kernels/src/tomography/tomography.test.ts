import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "../gpu-js-runner.ts";
import { runSelfTests } from "../self-test/self-test.ts";
import { rampFiltered } from "./ramp-filter.ts";
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

describe.each(["webasm", "cpu"] as const)("%s", (engine) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner({ engine, threads: 1 });
  });
  afterAll(() => runner.close());

  test("the phantom comes back from its projections, parallel and in a cone", async () => {
    const results = await runSelfTests(runner, tomographySelfTests);
    expect(results).toMatchObject([
      { kernel: "back-project-parallel", ok: true },
      { kernel: "back-project-cone", ok: true },
    ]);
  });
});
