/** What must change nothing: turning the volume and the view together, and computing a plane in parts. */
import * as fc from "fast-check";
import { add, cross, dot, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultBudgetBytes, openGpuJsRunner } from "./gpu-js-runner.ts";
import type { KernelRunner, Projection, RenderLook } from "./kernel-runner.ts";
import { knownLook, knownPlane, knownSteps, knownStepLps, knownVolumes } from "./self-test/known-object.ts";
import { worstDifference } from "./self-test/self-test.ts";
import { planMemory } from "./simd/memory-plan.ts";
import { openSimdEngine } from "./simd/open-simd-engine.ts";

const volume = knownVolumes()[0];
const plane = knownPlane();

/** Rodrigues' formula, then a shift in mm. */
function turned(axis: Vec3, radians: number, shift: Vec3) {
  const k = normalize(axis);
  const direction = (v: Vec3): Vec3 => {
    const along = scale(k, dot(k, v) * (1 - Math.cos(radians)));
    return add(add(scale(v, Math.cos(radians)), scale(cross(k, v), Math.sin(radians))), along);
  };
  const point = (p: Vec3): Vec3 => add(direction(p), shift);
  const ofPlane = ({ originLps, columnStepLps, rowStepLps, ...size }: PlaneGeometry): PlaneGeometry => ({
    ...size,
    originLps: point(originLps),
    columnStepLps: direction(columnStepLps),
    rowStepLps: direction(rowStepLps),
  });
  const ofVolume = (of: Volume): Volume => ({
    ...of,
    geometry: {
      ...of.geometry,
      ...ofPlane(of.geometry),
      slices: of.geometry.slices,
      sliceStepLps: direction(of.geometry.sliceStepLps),
    },
  });
  const ofLook = (look: RenderLook): RenderLook => ({
    ...look,
    clip: look.clip.map(({ normalLps, offsetMm }) => ({
      normalLps: direction(normalLps),
      offsetMm: offsetMm + dot(direction(normalLps), shift),
    })),
  });
  return { direction, ofPlane, ofVolume, ofLook };
}

const component = fc.double({ min: -1, max: 1, noNaN: true });
const turn = fc.record({
  axis: fc.tuple(component, component, fc.double({ min: 0.1, max: 1, noNaN: true })),
  radians: fc.double({ min: -3, max: 3, noNaN: true }),
  shift: fc.tuple(component, component, component).map(([x, y, z]) => scale([x, y, z], 500)),
});

/** HU. Geometry is float64 until it is voxel indices; what is left is float32 in the sampling. */
const toleranceHu = 0.05;

/** Levels of 255: a colour between two of them may be rounded either way. */
const toleranceLevels = 1;

type Engine = Pick<KernelRunner, "reslice" | "project" | "render" | "close">;

const engines: readonly { readonly name: string; readonly open: () => Promise<Engine> }[] = [
  { name: "webasm", open: () => openGpuJsRunner({ engine: "webasm", threads: 1 }) },
  { name: "cpu", open: () => openGpuJsRunner({ engine: "cpu", threads: 1 }) },
  { name: "simd", open: () => openSimdEngine({ threads: 2, budgetBytes: 2 ** 28 }) },
];

/** The plane that the rays begin at, and a cut through the middle of the object. */
const viewPlane = { ...plane, originLps: add(plane.originLps, scale(knownStepLps, -(knownSteps - 1) / 2)) };
const cutAt = add(plane.originLps, add(scale(plane.columnStepLps, 9.3), scale(plane.rowStepLps, 8.1)));
const cutLook: RenderLook = {
  ...knownLook,
  clip: knownLook.clip.map(({ normalLps }) => ({ normalLps, offsetMm: dot(normalLps, cutAt) })),
};

describe.each(engines)("$name", ({ open }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  async function first<T>(results: AsyncIterable<T>): Promise<T> {
    for await (const result of results) return result;
    throw new Error("nothing came");
  }

  async function projected(projection: Projection, of: Volume, on: PlaneGeometry, stepLps: Vec3) {
    const slab = { plane: on, stepLps, steps: knownSteps };
    return (await first(engine.project(of, [slab], projection))).values;
  }
  const mip = (of: Volume, on: PlaneGeometry, stepLps: Vec3) => projected("max", of, on, stepLps);
  const seen = async (of: Volume, on: PlaneGeometry, stepLps: Vec3, look: RenderLook) =>
    (await first(engine.render(of, [{ plane: on, stepLps, steps: knownSteps }], look))).rgba;

  test("turning and shifting the volume and the view together changes nothing", async () => {
    const resliced = (await first(engine.reslice(volume, [plane]))).values;
    const still = {
      max: await mip(volume, plane, knownStepLps),
      min: await projected("min", volume, plane, knownStepLps),
      mean: await projected("mean", volume, plane, knownStepLps),
    };
    const view = await seen(volume, viewPlane, knownStepLps, cutLook);
    await fc.assert(
      fc.asyncProperty(turn, async ({ axis, radians, shift }) => {
        const by = turned(axis, radians, shift);
        const [of, on, step] = [by.ofVolume(volume), by.ofPlane(plane), by.direction(knownStepLps)];
        const again = (await first(engine.reslice(of, [on]))).values;
        expect(worstDifference(again, resliced)).toBeLessThan(toleranceHu);
        for (const projection of ["max", "min", "mean"] as const) {
          const got = await projected(projection, of, on, step);
          expect(worstDifference(got, still[projection])).toBeLessThan(toleranceHu);
        }
        const turnedView = await seen(of, by.ofPlane(viewPlane), step, by.ofLook(cutLook));
        expect(worstDifference(turnedView, view)).toBeLessThanOrEqual(toleranceLevels);
      }),
      { numRuns: 8 },
    );
    expect(view.some((level, index) => index % 4 === 3 && level > 0)).toBe(true);
  });

  test("a plane computed in parts is the plane, across the kernels' tiles too", async () => {
    const fine: PlaneGeometry = {
      columns: 301,
      rows: 150,
      originLps: plane.originLps,
      columnStepLps: scale(plane.columnStepLps, plane.columns / 301),
      rowStepLps: scale(plane.rowStepLps, plane.rows / 150),
    };
    const whole = await mip(volume, fine, knownStepLps);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 149 }),
        async (column, row) => {
          const corner = add(scale(fine.columnStepLps, column), scale(fine.rowStepLps, row));
          const part = {
            ...fine,
            columns: 301 - column,
            rows: 150 - row,
            originLps: add(fine.originLps, corner),
          };
          const got = await mip(volume, part, knownStepLps);
          const wanted = Float32Array.from(got, (_, index) => {
            const [x, y] = [index % part.columns, Math.floor(index / part.columns)];
            return whole[(row + y) * 301 + column + x]!;
          });
          expect(worstDifference(got, wanted)).toBeLessThan(toleranceHu);
        },
      ),
      { numRuns: 5 },
    );
  });
});

test("3,000 slices of 512 x 512 fit the SIMD engine's memory and the budget that a runner has by itself", () => {
  const plan = planMemory(512, 512, 3000);
  expect(plan!.pixels).toBeLessThan(defaultBudgetBytes);
  expect(plan!.pixels).toBeGreaterThan(512 * 512 * 3000 * 2);
});
