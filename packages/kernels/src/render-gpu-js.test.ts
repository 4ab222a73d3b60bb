import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Vec3 } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import type { RenderLook, RenderView } from "./kernel-runner.ts";
import { unitGrid, volumeOf } from "./random-case.fixture.ts";
import { buildView, look, randomView, wrongLevels } from "./random-view.fixture.ts";
import { renderReference } from "./reference/render-reference.ts";
import { leastTransmittance } from "./rendering-rules.ts";

/**
 * Level of 255: a ray ends where less than half a level is left, and 255 times float32's error is no hundredth of one. More would
 * be another decision than float64's at a face, a gap or a cut, and those pixels are left out.
 */
const toleranceLevels = 1;

async function renderOne(runner: GpuJsRunner, volume: Volume, view: RenderView, like: RenderLook) {
  for await (const { rgba, engine } of runner.render(volume, [view], like)) return { rgba, engine };
  throw new Error("nothing was rendered");
}

describe.each([
  { engine: "webasm", threads: 1, runs: 15 },
  { engine: "webasm", threads: 2, runs: 3 },
  { engine: "cpu", threads: 1, runs: 25 },
] as const)("$engine with $threads threads", ({ runs, ...options }) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner(options);
  });
  afterAll(() => runner.close());

  test("renders as the float64 reference does on random sheared grids, looks and cuts", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(randomView, async (random) => {
        const built = buildView(random);
        const { volume, view, look: like } = built;
        const expected = renderReference(volume, view, like);
        const { rgba } = await renderOne(runner, volume, view, like);
        seen += expected.filter((want, index) => index % 4 === 3 && want > 0).length;
        expect(wrongLevels(rgba, expected, built, toleranceLevels)).toEqual([]);
      }),
      { numRuns: runs },
    );
    expect(seen).toBeGreaterThan(0);
  });

  test("a block absorbs by Beer and Lambert over 300 samples, in tiles, and a cut within the view's rays keeps one side", async () => {
    const geometry = { ...unitGrid, columns: 4, rows: 300, slices: 301 };
    const block = volumeOf(geometry, () => 100);
    const plane = { ...geometry, columns: 2, rows: 300, columnStepLps: [3, 0, 0] as Vec3 };
    const view: RenderView = { plane, stepLps: [0, 0, 1], steps: 301 };
    const flat: RenderLook = {
      ...look,
      points: [{ value: 0, rgb: [1, 0.5, 0], opacityPerMm: 0.004 }],
      ambient: 1,
      diffuse: 0,
      specular: 0,
      clip: [{ normalLps: [0, 1, 0], offsetMm: 150 }],
    };
    const { rgba, engine } = await renderOne(runner, block, view, flat);
    expect(engine).toBe(`gpu.js/${options.engine}`);
    const opacity = 1 - Math.exp(-0.004 * 301);
    const colour = [1, 0.5, 0].map(
      (part, index) => part * opacity + look.backgroundRgb[index]! * (1 - opacity),
    );
    const inside = [...colour, opacity].map((part) => Math.round(255 * part));
    const behind = [...look.backgroundRgb, 0].map((part) => Math.round(255 * part));
    for (const row of [0, 100, 150]) expect([...rgba.subarray(row * 8, row * 8 + 4)]).toEqual(inside);
    for (const row of [151, 299]) expect([...rgba.subarray(row * 8, row * 8 + 4)]).toEqual(behind);
  });

  test("the worst case: what a ray that ends early leaves out makes one level, and no more", async () => {
    const front = leastTransmittance * 0.999;
    const grey = 100.25 / 255 / (1 - front);
    const layers = volumeOf({ ...unitGrid, slices: 2 }, (_x, _y, z) => z);
    const like: RenderLook = {
      ...look,
      points: [
        { value: 0, rgb: [grey, grey, grey], opacityPerMm: -Math.log(front) },
        { value: 1, rgb: [1, 1, 1], opacityPerMm: 1000 },
      ],
      ambient: 1,
      diffuse: 0,
      specular: 0,
      backgroundRgb: [0, 0, 0],
    };
    const view: RenderView = { plane: unitGrid, stepLps: [0, 0, 1], steps: 2 };
    // 255 * (grey * (1 - front) + front) = 100.75
    expect([...renderReference(layers, view, like).subarray(0, 4)]).toEqual([101, 101, 101, 255]);
    const { rgba } = await renderOne(runner, layers, view, like);
    expect([...rgba.subarray(0, 4)]).toEqual([100, 100, 100, 255]);
  });

  test("a look of too many points or planes is refused", () => {
    const volume = volumeOf(unitGrid, () => 1);
    const view: RenderView = { plane: unitGrid, stepLps: [0, 0, 1], steps: 2 };
    const points = Array.from({ length: 65 }, (_, value) => ({ ...look.points[0]!, value }));
    expect(() => runner.render(volume, [view], { ...look, points })).toThrow(
      "at most 64 points and 16 planes",
    );
  });
});
