import type { RenderedFrames } from "@releve/dicom/derived/derived-output";
import type { Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accepted, contextOf, grids, planOf, realVolume } from "../known-volume.fixture.ts";
import { referenceRunner } from "../reference-runner.fixture.ts";
import { app } from "./app.ts";
import { renderingParameters, type RenderingParameters } from "./parameters.ts";
import { presetNames, presets } from "./presets.ts";

let engine: GpuJsRunner;
beforeAll(async () => {
  engine = await openGpuJsRunner({ engine: "cpu", threads: 1 });
});
afterAll(() => engine.close());

/** 1 mm cubes, 11 x 9 x 7 mm between the first and the last centre, the middle at the origin. */
const cube: GridGeometry = {
  columns: 12,
  rows: 10,
  slices: 8,
  originLps: [-5.5, -4.5, -3.5],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 1],
};

const red: Vec3 = [1, 0, 0];
const green: Vec3 = [0, 1, 0];
const mu = 0.11;

/** Red with `mu` at 100, green with three times `mu` at 200, clear halfway, so that the voxel between two layers is none of them. */
const points = [
  { value: 0, rgb: red, opacityPerMm: 0 },
  { value: 99, rgb: red, opacityPerMm: mu },
  { value: 101, rgb: red, opacityPerMm: mu },
  { value: 149, rgb: red, opacityPerMm: 0 },
  { value: 151, rgb: green, opacityPerMm: 0 },
  { value: 199, rgb: green, opacityPerMm: 3 * mu },
];
const plain: RenderingParameters = {
  look: { kind: "points", points },
  shaded: false,
  views: 1,
  arcDegrees: 0,
  startDegrees: 0,
  axis: "feet-head",
  sizeMax: 64,
};

const render = async (
  volume: Volume,
  changes: Partial<RenderingParameters> = {},
  runner = referenceRunner,
) => {
  const { outputs } = accepted(await app.compute(contextOf(volume, { ...plain, ...changes }, runner)));
  return outputs[0] as RenderedFrames;
};

/** The colour of the pixel in the middle of a frame, 0 to 1. */
function middleOf({ columns, rows, frames }: RenderedFrames, index = 0): number[] {
  const pixel = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
  return [...frames[index]!.subarray(3 * pixel, 3 * pixel + 3)].map((level) => level / 255);
}

/** Half a level of 8 bits. */
const rounding = 0.5 / 255 + 1e-9;
const expectNear = (got: number | undefined, want: number) =>
  expect(Math.abs(got! - want)).toBeLessThan(rounding);

test("a slab of one material absorbs 1 - exp(-mu d): 9 mm lie between the first and the last voxel", async () => {
  const [r, g, b] = middleOf(await render(realVolume(cube, () => 100)));
  expectNear(r, 1 - Math.exp(-9 * mu));
  expectNear(g, 0);
  expectNear(b, 0);
});

test("the front layer shows, and hides the one behind it by what it absorbs", async () => {
  const layers = realVolume(cube, ([, y]) => (y < 0 ? 100 : 200));
  const fromFront = middleOf(await render(layers));
  expectNear(fromFront[0], 1 - Math.exp(-4 * mu));
  expectNear(fromFront[1], Math.exp(-4 * mu) * (1 - Math.exp(-12 * mu)));
  const fromBack = middleOf(await render(layers, { startDegrees: 180 }));
  expectNear(fromBack[1], 1 - Math.exp(-12 * mu));
  expectNear(fromBack[0], Math.exp(-12 * mu) * (1 - Math.exp(-4 * mu)));
});

test.each([
  ["a plane", { planes: [{ normalLps: [0, 7, 0], offsetMm: -0.5 }] }],
  ["a box", { box: { lowLps: [-50, -50, -50], highLps: [50, -0.5, 50] } }],
] as const)("%s leaves 4 of the 9 mm", async (_, clip) => {
  const [r] = middleOf(
    await render(
      realVolume(cube, () => 100),
      { clip },
    ),
  );
  expectNear(r, 1 - Math.exp(-4 * mu));
});

test("a box makes the picture as large as what is left", async () => {
  const volume = realVolume(cube, () => 100);
  const small = await render(volume, { clip: { box: { lowLps: [-1, -1, -1], highLps: [1, 1, 1] } } });
  // The diagonal of 2 x 2 mm holds 2.83 pixels of 1 mm: three points; the height of 2 mm holds three.
  expect([small.columns, small.rows]).toEqual([3, 3]);
});

test.each([
  ["the front", 0, "feet-head", 1, -1],
  ["the left", 90, "feet-head", 0, 1],
  ["the back", 180, "feet-head", 1, 1],
  ["the head", 90, "right-left", 2, 1],
  ["the feet", -90, "right-left", 2, -1],
] as const)("from %s the half that lies there is in front", async (_, startDegrees, axis, along, side) => {
  const halves = realVolume(cube, (at) => (at[along] * side > 0 ? 200 : 100));
  const [, from] = middleOf(await render(halves, { startDegrees, axis }));
  const [, behind] = middleOf(await render(halves, { startDegrees: startDegrees + 180, axis }));
  expect(from!).toBeGreaterThan(1.3 * behind!);
});

test("left is right on the screen and the head is up", async () => {
  const corner = realVolume(cube, ([x, , z]) => (x > 2 && z > 1 ? 200 : 0));
  const { columns, rows, frames } = await render(corner);
  const lit = [...frames[0]!.keys()]
    .filter((index) => frames[0]![index]! > 100)
    .map((index) => Math.floor(index / 3));
  expect(lit.length).toBeGreaterThan(0);
  expect(Math.min(...lit.map((pixel) => pixel % columns))).toBeGreaterThan(columns / 2);
  expect(Math.max(...lit.map((pixel) => Math.floor(pixel / columns)))).toBeLessThan(rows / 2);
});

test("a full turn of a sphere is one picture, in every view and about both axes", async () => {
  const grid = { ...cube, rows: 12, slices: 12, originLps: [-5.5, -5.5, -5.5] as const };
  const sphere = realVolume(grid, (at) => 200 - 40 * Math.hypot(...at));
  for (const axis of ["feet-head", "right-left"] as const) {
    const { frames, frameTimeMs } = await render(sphere, { views: 4, arcDegrees: 360, axis, shaded: true });
    expect(frames).toHaveLength(4);
    expect(frameTimeMs).toBeGreaterThan(0);
    for (const frame of frames) expect(Buffer.compare(Buffer.from(frame), Buffer.from(frames[0]!))).toBe(0);
  }
});

test("turning the volume and the view together changes nothing", async () => {
  const square = { ...cube, rows: 12, originLps: [-5.5, -5.5, -3.5] as const };
  const turned = {
    ...square,
    originLps: [5.5, -5.5, -3.5] as const,
    columnStepLps: [0, 1, 0] as const,
    rowStepLps: [-1, 0, 0] as const,
  };
  const value = ([x, y, z]: Vec3) => 150 + 60 * Math.sin(x) * Math.cos(y / 2 + z);
  const before = await render(realVolume(square, value), { shaded: true, startDegrees: 20 });
  const after = await render(
    realVolume(turned, ([x, y, z]) => value([y, -x, z])),
    { shaded: true, startDegrees: 110 },
  );
  const off = [...before.frames[0]!].filter((level, at) => Math.abs(level - after.frames[0]![at]!) > 1);
  expect(before.frames[0]!.some((level) => level > 50)).toBe(true);
  expect(off).toEqual([]);
});

test("an arc includes both of its ends, a full turn its beginning once", async () => {
  const halves = realVolume(cube, ([, y]) => (y < 0 ? 200 : 100));
  const arc = await render(halves, { views: 3, arcDegrees: 180 });
  const alone = await render(halves, { startDegrees: 180 });
  expect([...arc.frames[2]!]).toEqual([...alone.frames[0]!]);
});

test.each(presetNames)(
  "preset %s rises in value, begins clear, and shows what it is for and not air",
  (name) => {
    const table = presets[name];
    expect(table[0]!.opacityPerMm).toBe(0);
    expect(table.every(({ value }, index) => index === 0 || value > table[index - 1]!.value)).toBe(true);
    expect(Math.min(...table.map(({ value }) => value))).toBeGreaterThanOrEqual(-1000);
  },
);

/** Each of these must be seen through 20 mm, or not at all, with each preset. */
test.each([
  ["bone", 1000, 40],
  ["vessel", 350, 60],
  ["lung", -500, 45],
  ["soft-tissue", 50, -300],
] as const)("preset %s shows %i HU and leaves %i HU clear", async (preset, shown, clear) => {
  const look = { kind: "preset", preset } as const;
  const seen = middleOf(
    await render(
      realVolume(cube, () => shown),
      { look },
    ),
  );
  expect(Math.max(...seen)).toBeGreaterThan(0.5);
  const nothing = contextOf(
    realVolume(cube, () => clear),
    { ...plain, look },
    referenceRunner,
  );
  expect(await app.compute(nothing)).toMatchObject({ refused: "NOTHING_VISIBLE" });
});

test("what cannot be drawn is refused with its reason", async () => {
  const volume = realVolume(cube, () => 100);
  const refusing = (changes: Partial<RenderingParameters>, plan = {}) =>
    app.compute(contextOf(volume, { ...plain, ...changes }, referenceRunner, { plan: planOf(cube, plan) }));
  const bone = { look: { kind: "preset", preset: "bone" } } as const;
  expect(await refusing(bone, { modality: "MR" })).toMatchObject({ refused: "PRESET_NEEDS_HU" });
  expect(await refusing({}, { regular: false })).toMatchObject({ refused: "IRREGULAR_SPACING" });
  const elsewhere = { box: { lowLps: [90, 0, 0], highLps: [99, 9, 9] } } as const;
  expect(await refusing({ clip: elsewhere })).toMatchObject({ refused: "NOTHING_LEFT" });
  const window = { kind: "window", center: 100, width: 50, palette: "warm", opacityPerMm: 1 } as const;
  expect(await refusing({ look: window }, { modality: "MR" })).toMatchObject({ engine: "reference" });
});

test("it proposes nothing, and what it suggests is a request that it takes", () => {
  for (const modality of ["CT", "MR", "PT"]) {
    const plan = planOf(cube, { modality });
    expect(app.propose(plan)).toEqual([]);
    const suggested = app.suggest!([plan]);
    expect(renderingParameters.parse(suggested)).toEqual(suggested);
    expect(app.refuses!([plan], suggested)).toBeUndefined();
  }
});

test("points that fall, and a box inside out, are no parameters", () => {
  const falling = { ...plain, look: { kind: "points", points: points.toReversed() } };
  expect(renderingParameters.safeParse(falling).success).toBe(false);
  const insideOut = { ...plain, clip: { box: { lowLps: [1, 1, 1], highLps: [0, 2, 2] } } };
  expect(renderingParameters.safeParse(insideOut).success).toBe(false);
});

test("the engine draws a tilted volume as the reference does", async () => {
  const grid = { ...grids["a tilted gantry"]!, columns: 12, rows: 10, slices: 6 };
  const volume = realVolume(grid, ([x, y, z]) => 100 + 60 * Math.sin(x / 3) * Math.cos(y / 4 + z / 5));
  const parameters = { shaded: true, startDegrees: 30 };
  const [expected] = (await render(volume, parameters)).frames;
  const [computed] = (await render(volume, parameters, engine)).frames;
  const off = [...expected!].filter((level, at) => Math.abs(level - computed![at]!) > 2);
  expect(off.length / expected!.length).toBeLessThan(0.005);
});
