import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { add, scale, type Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type PlaneGeometry, type Volume } from "@releve/domain/volume";
import type { PlaneValues, RenderLook, RenderView } from "../kernel-runner.ts";
import { buildCase, onTheEdge, randomCase, unitGrid, volumeOf } from "../random-case.fixture.ts";
import { buildView, look, randomView, wrongLevels } from "../random-view.fixture.ts";
import type { Slab } from "../ray-task.ts";
import { projectReference } from "../reference/project-reference.ts";
import { renderReference } from "../reference/render-reference.ts";
import { resliceReference } from "../reference/reslice-reference.ts";
import { openSimdEngine, type SimdEngine } from "./open-simd-engine.ts";

const builds = [
  { build: "relaxed", threads: 2 },
  { build: "relaxed", threads: 1 },
  { build: "plain", threads: 2 },
] as const;

async function collect(planes: AsyncIterable<PlaneValues>): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const plane of planes) all.push(plane.values);
  return all;
}

async function renderOne(engine: SimdEngine, volume: Volume, view: RenderView, like: RenderLook) {
  for await (const { rgba } of engine.render(volume, [view], like)) return rgba;
  throw new Error("nothing was rendered");
}

/** What differs by more than the tolerance, but for samples where the rules' own tolerance decides. */
function disagreements(
  values: Float32Array,
  expected: Float64Array,
  slab: Slab,
  volume: Volume,
  tolerance: number,
): string[] {
  return [...expected].flatMap((want, index) => {
    const got = values[index]!;
    if (Number.isNaN(want) ? Number.isNaN(got) : Math.abs(got - want) < tolerance) return [];
    const column = index % slab.plane.columns;
    const row = Math.floor(index / slab.plane.columns);
    return onTheEdge(volume.geometry, slab, column, row) ? [] : [`${column},${row}: ${got}, not ${want}`];
  });
}

/** 4,000 stored values between neighbours, up to 2e-4 of a voxel (the reference snaps to centres), slope 2, three axes. */
const noiseTolerance = 5;

/** Several blocks each way, air, a smooth dense ball and a bright wire: most blocks are empty, and some are not. */
const blocksGrid: GridGeometry = {
  columns: 43,
  rows: 37,
  slices: 50,
  originLps: [-80, 30, -200],
  columnStepLps: [0.9, 0.1, 0],
  rowStepLps: [-0.1, 0.8, 0.2],
  sliceStepLps: [0, 0.3, 1.1],
};

function blockVolume(padding?: Volume["padding"]): Volume {
  const valueAt = (x: number, y: number, z: number) => {
    const radius = Math.hypot(x - 20, y - 17, z - 22);
    if (Math.abs(x - 35) < 1 && Math.abs(y - 30) < 1) return 2500;
    return Math.round(radius < 14 ? 400 - 20 * radius : -1000);
  };
  return volumeOf(blocksGrid, valueAt, { slope: 1, intercept: 0 }, padding);
}

const whole = blockVolume();
const padded = blockVolume({ low: -1000, high: -1000 });

function unsigned({ voxels }: Volume): Volume["voxels"] {
  const values = Uint16Array.from(voxels.values, (value) => value + 40_000);
  return { kind: "stored", values, slope: 1, intercept: -40_000 };
}

/** A view from outside through the whole of it, along the slices, a row of voxels, or askew. */
function viewAlong(direction: Vec3, right: Vec3, down: Vec3): RenderView {
  const centre = voxelToLps(blocksGrid, 20.3, 17.6, 23.4);
  const corner = add(add(scale(right, -15), scale(down, -14)), scale(direction, -60));
  const plane: PlaneGeometry = {
    columns: 15,
    rows: 13,
    originLps: add(centre, corner),
    columnStepLps: scale(right, 2.1),
    rowStepLps: scale(down, 2.3),
  };
  return { plane, stepLps: scale(direction, 0.9), steps: 140 };
}

const views = [
  viewAlong([0, 0.26, 0.96], [1, 0, 0], [0, 1, 0]),
  viewAlong([-0.99, -0.11, 0], [0, 0, 1], [0, 1, 0]),
  viewAlong([0.48, -0.6, 0.64], [0.8, 0.6, 0], [-0.384, 0.512, 0.768]),
];

/** The same samples: a slab lies around its plane, a view begins there. */
function slabOf({ plane, stepLps, steps }: RenderView): Slab {
  const originLps = add(plane.originLps, scale(stepLps, (steps - 1) / 2));
  return { plane: { ...plane, originLps }, stepLps, steps };
}

const bone: RenderLook = {
  ...look,
  points: [
    { value: 150, rgb: [0.8, 0.3, 0.2], opacityPerMm: 0 },
    { value: 300, rgb: [1, 0.8, 0.6], opacityPerMm: 0.8 },
    { value: 2000, rgb: [1, 1, 0.9], opacityPerMm: 3 },
  ],
};

/** Slow, and the same for every build. */
const references = new Map<string, ReturnType<typeof computeExpected>>();

function expectedOf(volume: Volume, index: number) {
  const key = `${volume.padding ? "padded" : "whole"} ${index}`;
  const known = references.get(key) ?? computeExpected(volume, views[index]!);
  references.set(key, known);
  return known;
}

function computeExpected(volume: Volume, view: RenderView) {
  return {
    max: projectReference(volume, slabOf(view), "max"),
    min: projectReference(volume, slabOf(view), "min"),
    mean: projectReference(volume, slabOf(view), "mean"),
    rgba: renderReference(volume, view, bone),
  };
}

describe.each(builds)("$build build with $threads threads", (options) => {
  let engine: SimdEngine;
  beforeAll(async () => {
    engine = await openSimdEngine({ ...options, budgetBytes: 2 ** 28 });
  });
  afterAll(() => engine.close());

  test("names itself", () => {
    expect(engine.engine).toBe(`wasm-simd/${options.build}`);
  });

  test("reslices and projects as the float64 reference does on random sheared grids, with and without gaps", async () => {
    await fc.assert(
      fc.asyncProperty(randomCase, async (given) => {
        const { volume, slab } = buildCase(given);
        const [resliced] = await collect(engine.reslice(volume, [slab.plane]));
        const wanted = resliceReference(volume, slab.plane);
        const plane = { ...slab, steps: 1 };
        expect(disagreements(resliced!, wanted, plane, volume, noiseTolerance)).toEqual([]);
        const [projected] = await collect(engine.project(volume, [slab], given.projection));
        const expected = projectReference(volume, slab, given.projection);
        expect(disagreements(projected!, expected, slab, volume, noiseTolerance)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("renders as the float64 reference does on random sheared grids, looks and cuts", async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(randomView, async (random) => {
        const built = buildView(random);
        const expected = renderReference(built.volume, built.view, built.look);
        const rgba = await renderOne(engine, built.volume, built.view, built.look);
        seen += expected.filter((want, index) => index % 4 === 3 && want > 0).length;
        expect(wrongLevels(rgba, expected, built)).toEqual([]);
      }),
      { numRuns: 40 },
    );
    expect(seen).toBeGreaterThan(0);
  });

  test.each([
    ["signed", whole],
    ["unsigned", { ...whole, voxels: unsigned(whole) }],
    ["padded", padded],
  ])("passing over empty blocks changes no pixel of a whole volume, %s", async (_, volume) => {
    for (const [index, view] of views.entries()) {
      const expected = expectedOf(volume.padding ? padded : whole, index);
      const slab = slabOf(view);
      for (const projection of ["max", "min", "mean"] as const) {
        const [values] = await collect(engine.project(volume, [slab], projection));
        expect(disagreements(values!, expected[projection], slab, volume, 3)).toEqual([]);
      }
      const rgba = await renderOne(engine, volume, view, bone);
      expect(wrongLevels(rgba, expected.rgba, { volume, slab, view, look: bone })).toEqual([]);
    }
  });

  test("a sample on a voxel centre is that voxel exactly, the extremes of 16 bits too", async () => {
    const extremes = [-32_768, 32_767, 12_345, -1, 0];
    const volume = volumeOf(unitGrid, (x, y, z) => extremes[(x + 2 * y + 3 * z) % 5]!);
    const planes = Array.from({ length: 6 }, (_, z) => ({ ...unitGrid, originLps: [0, 0, z] as Vec3 }));
    const all = (await collect(engine.reslice(volume, planes))).flatMap((plane) => [...plane]);
    expect(all).toEqual([...volume.voxels.values]);
  });

  test("every pixel of planes whose rows are no multiple of four is written, and none is beyond", async () => {
    for (const columns of [1, 2, 3, 5, 6, 7]) {
      const volume = volumeOf({ ...unitGrid, columns: 9 }, (x, y) => 100 * y + x);
      const plane = { ...unitGrid, columns, rows: 4, originLps: [1, 0, 2] as Vec3 };
      const [resliced] = await collect(engine.reslice(volume, [plane]));
      const slab = { plane, stepLps: [0, 0, 1] as Vec3, steps: 3 };
      const [projected] = await collect(engine.project(volume, [slab], "mean"));
      const expected = Array.from(
        { length: 4 * columns },
        (_, at) => 100 * Math.floor(at / columns) + (at % columns) + 1,
      );
      expect([...resliced!]).toEqual(expected);
      expect([...projected!]).toEqual(expected);
    }
  });
});
