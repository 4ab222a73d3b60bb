import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dot, normalize, scale, add, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type Volume } from "@releve/domain/volume";
import { openKernelRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import type { RenderLook, RenderView } from "./kernel-runner.ts";
import { buildCase, onTheEdge, randomCase, unitGrid, volumeOf } from "./random-case.fixture.ts";
import { renderReference } from "./reference/render-reference.ts";
import { pixelLps } from "./reference/reslice-reference.ts";

const look: RenderLook = {
  points: [
    { value: -4000, rgb: [1, 0.2, 0], opacityPerMm: 0 },
    { value: -1500, rgb: [0.9, 0.8, 0.1], opacityPerMm: 0.2 },
    { value: 1000, rgb: [0.2, 1, 0.7], opacityPerMm: 3 },
    { value: 4000, rgb: [0, 0.1, 1], opacityPerMm: 1 },
  ],
  ambient: 0.2,
  diffuse: 0.7,
  specular: 0.3,
  shininess: 12,
  backgroundRgb: [0.1, 0.2, 0.4],
  clip: [],
};

/** Three levels of 255: an index error of 3e-4 voxels in a volume of noise, and the early end of a ray. */
const toleranceLevels = 3;

const randomView = randomCase.chain((given) =>
  fc.record({
    given: fc.constant(given),
    clipped: fc.integer({ min: 0, max: 2 }),
    lit: fc.boolean(),
    tilt: fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: -1, max: 1, noNaN: true }))),
  }),
);

function buildView({
  given,
  clipped,
  lit,
  tilt,
}: typeof randomView extends fc.Arbitrary<infer T> ? T : never) {
  const { volume, slab } = buildCase(given);
  const half = (given.steps - 1) / 2;
  const plane = { ...slab.plane, originLps: add(slab.plane.originLps, scale(slab.stepLps, -half)) };
  const centre = voxelToLps(volume.geometry, 2.1, 1.6, 2.7);
  const normal = normalize([tilt[0]! + 0.01, tilt[1]!, tilt[2]! + 1.5] as Vec3);
  const planes = [normal, scale(normal, -1)].map((normalLps, index) => ({
    normalLps,
    offsetMm: dot(normalLps, centre) + 0.2 + index * 0.3,
  }));
  const shaded = lit ? look : { ...look, ambient: 1, diffuse: 0, specular: 0 };
  const view: RenderView = { plane, stepLps: slab.stepLps, steps: slab.steps };
  return { volume, slab, view, look: { ...shaded, clip: planes.slice(0, clipped) } satisfies RenderLook };
}

function onAPlane(view: RenderView, { clip }: RenderLook, column: number, row: number): boolean {
  const start = pixelLps(view.plane, column, row);
  const points = Array.from({ length: view.steps }, (_, step) => add(start, scale(view.stepLps, step)));
  return clip.some(({ normalLps, offsetMm }) =>
    points.some((point) => Math.abs(dot(normalLps, point) - offsetMm) < 1e-3),
  );
}

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
    runner = await openKernelRunner(options);
  });
  afterAll(() => runner.close());

  test("renders as the float64 reference does on random sheared grids, looks and cuts", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(randomView, async (random) => {
        const { volume, slab, view, look: like } = buildView(random);
        const expected = renderReference(volume, view, like);
        const { rgba } = await renderOne(runner, volume, view, like);
        const wrong = [...expected].flatMap((want, index) => {
          if (index % 4 === 3 && want > 0) seen++;
          if (Math.abs(rgba[index]! - want) <= toleranceLevels) return [];
          const column = Math.floor(index / 4) % view.plane.columns;
          const row = Math.floor(index / 4 / view.plane.columns);
          if (onTheEdge(volume.geometry, slab, column, row) || onAPlane(view, like, column, row)) return [];
          return [`${column},${row},${index % 4}: ${rgba[index]}, not ${want}`];
        });
        expect(wrong).toEqual([]);
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

  test("a look of too many points or planes is refused", () => {
    const volume = volumeOf(unitGrid, () => 1);
    const view: RenderView = { plane: unitGrid, stepLps: [0, 0, 1], steps: 2 };
    const points = Array.from({ length: 65 }, (_, value) => ({ ...look.points[0]!, value }));
    expect(() => runner.render(volume, [view], { ...look, points })).toThrow(
      "at most 64 points and 16 planes",
    );
  });
});
