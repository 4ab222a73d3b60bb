/** Splitting a volume into slabs changes nothing: a runner with memory for few slices beside one that holds all of them. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGpuJsRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import type { PlaneValues, RenderedView } from "./kernel-runner.ts";
import { buildCase, randomCase, unitGrid, volumeOf } from "./random-case.fixture.ts";
import { buildView, randomView } from "./random-view.fixture.ts";
import { worstDifference } from "./self-test/self-test.ts";

async function first<T extends PlaneValues | RenderedView>(results: AsyncIterable<T>): Promise<T> {
  for await (const result of results) return result;
  throw new Error("nothing came");
}

const sliceBytes = unitGrid.columns * unitGrid.rows * 4;
const slices = 23;
/** Real-world units: float32's last digit of sums of some thousands. */
const meanTolerance = 2e-3;
/** Levels of 255: a ray through the whole volume ends where half a level is left. */
const levelTolerance = 1;

describe.each([
  { engine: "webasm", threads: 1, heldSlices: 11, runs: 10 },
  { engine: "webasm", threads: 2, heldSlices: 15, runs: 2 },
  { engine: "cpu", threads: 1, heldSlices: 9, runs: 10 },
] as const)(
  "$engine with $threads threads, $heldSlices of 23 slices at a time",
  ({ heldSlices, runs, ...options }) => {
    let whole: GpuJsRunner;
    let split: GpuJsRunner;
    beforeAll(async () => {
      [whole, split] = await Promise.all([
        openGpuJsRunner(options),
        openGpuJsRunner({ ...options, budgetBytes: heldSlices * sliceBytes }),
      ]);
    });
    afterAll(() => Promise.all([whole.close(), split.close()]));

    test("planes and projections are the same", async () => {
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(randomCase, async (given) => {
          const { volume, slab: short } = buildCase(given, slices);
          const slab = { ...short, steps: short.steps * 5 };
          const [plane, ofSlabs] = await Promise.all([
            first(whole.reslice(volume, [slab.plane])),
            first(split.reslice(volume, [slab.plane])),
          ]);
          expect(ofSlabs).toEqual(plane);
          const [through, inParts] = await Promise.all([
            first(whole.project(volume, [slab], given.projection)),
            first(split.project(volume, [slab], given.projection)),
          ]);
          if (given.projection === "mean")
            expect(worstDifference(inParts.values, through.values)).toBeLessThan(meanTolerance);
          else expect(inParts).toEqual(through);
          seen += through.values.filter((value) => !Number.isNaN(value)).length;
        }),
        { numRuns: runs },
      );
      expect(seen).toBeGreaterThan(0);
    });

    test("views are the same", async () => {
      await fc.assert(
        fc.asyncProperty(randomView, async (random) => {
          const { volume, view: short, look } = buildView(random, slices);
          const view = { ...short, steps: short.steps * 5 };
          const [plain, inParts] = await Promise.all([
            first(whole.render(volume, [view], look)),
            first(split.render(volume, [view], look)),
          ]);
          expect(inParts.engine).toBe(plain.engine);
          expect(worstDifference(inParts.rgba, plain.rgba)).toBeLessThanOrEqual(levelTolerance);
        }),
        { numRuns: Math.ceil(runs / 2) },
      );
    });

    test("a ray along the slices passes every slab, from either side", async () => {
      const volume = volumeOf({ ...unitGrid, slices }, (_x, _y, z) => z * z);
      for (const direction of [1, -1]) {
        const slab = {
          plane: { ...unitGrid, originLps: [0, 0, 11] },
          stepLps: [0, 0, direction],
          steps: 23,
        } as const;
        const of = async (projection: "max" | "min" | "mean") =>
          (await first(split.project(volume, [slab], projection))).values[0];
        expect([await of("max"), await of("min"), await of("mean")]).toEqual([484, 0, 165]);
      }
    });
  },
);
