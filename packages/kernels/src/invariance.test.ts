/** What must change nothing: turning the volume and the view together, and computing a plane in parts. */
import * as fc from "fast-check";
import { add, cross, dot, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultBudgetBytes, openGpuJsRunner, type GpuJsRunner } from "./gpu-js-runner.ts";
import { knownPlane, knownSteps, knownStepLps, knownVolumes } from "./self-test/known-object.ts";
import { worstDifference } from "./self-test/self-test.ts";
import { planMemory } from "./simd/memory-plan.ts";

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
  return { direction, ofPlane, ofVolume };
}

const component = fc.double({ min: -1, max: 1, noNaN: true });
const turn = fc.record({
  axis: fc.tuple(component, component, fc.double({ min: 0.1, max: 1, noNaN: true })),
  radians: fc.double({ min: -3, max: 3, noNaN: true }),
  shift: fc.tuple(component, component, component).map(([x, y, z]) => scale([x, y, z], 500)),
});

/** HU. Geometry is float64 until it is voxel indices; what is left is float32 in the sampling. */
const toleranceHu = 0.05;

describe.each([
  { engine: "webasm", threads: 1 },
  { engine: "cpu", threads: 1 },
] as const)("$engine", (options) => {
  let runner: GpuJsRunner;
  beforeAll(async () => {
    runner = await openGpuJsRunner(options);
  });
  afterAll(() => runner.close());

  async function mip(of: Volume, on: PlaneGeometry, stepLps: Vec3): Promise<Float32Array> {
    const slab = { plane: on, stepLps, steps: knownSteps };
    for await (const { values } of runner.project(of, [slab], "max")) return values;
    throw new Error("no plane came");
  }

  test("turning and shifting the volume and the view together changes nothing", async () => {
    const still = await mip(volume, plane, knownStepLps);
    await fc.assert(
      fc.asyncProperty(turn, async ({ axis, radians, shift }) => {
        const by = turned(axis, radians, shift);
        const got = await mip(by.ofVolume(volume), by.ofPlane(plane), by.direction(knownStepLps));
        expect(worstDifference(got, still)).toBeLessThan(toleranceHu);
      }),
      { numRuns: 8 },
    );
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
