import { voxelToLps } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  accepted,
  axialGrid,
  contextOf,
  grids,
  planOf,
  ramp,
  realVolume,
  storedVolume,
} from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { mprParameters, type MprParameters } from "./parameters.ts";
import { mprReference } from "./reference.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const allStacks: MprParameters = {
  stacks: [
    { orientation: "axial" },
    { orientation: "coronal" },
    { orientation: "sagittal" },
    { orientation: "oblique", rowLps: [1, 1, 0], columnLps: [0, 0.4, -1] },
  ],
  imagesMax: 40,
};

/** The largest error of all pixels inside, and how many there are. */
function errorOf(images: readonly { geometry: Parameters<typeof at>[0]; values: Float32Array }[]) {
  let worst = 0;
  let inside = 0;
  for (const { geometry, values } of images)
    values.forEach((value, index) => {
      if (Number.isNaN(value)) return;
      inside += 1;
      worst = Math.max(worst, Math.abs(value - ramp(at(geometry, index))));
    });
  return { worst, inside };
}

const at = (geometry: Omit<Parameters<typeof voxelToLps>[0], "slices" | "sliceStepLps">, index: number) =>
  voxelToLps(
    { ...geometry, slices: 1, sliceStepLps: [0, 0, 0] },
    index % geometry.columns,
    Math.floor(index / geometry.columns),
    0,
  );

test.each(Object.entries(grids))("a ramp in %s slices is the formula in every plane", async (_, grid) => {
  const stored = accepted(await app.compute(contextOf(storedVolume(grid, ramp), allStacks, runner)));
  const real = accepted(await app.compute(contextOf(realVolume(grid, ramp), allStacks, runner)));
  expect(stored.series).toHaveLength(4);
  for (const [index, { images }] of stored.series.entries()) {
    const { worst, inside } = errorOf(images);
    expect(inside).toBeGreaterThan(1000);
    expect(worst).toBeLessThan(0.06);
    // Without the source's rounding only float32 is left.
    expect(errorOf(real.series[index]!.images).worst).toBeLessThan(0.002);
  }
});

test("every pixel is what the float64 reference says, also outside, in a tilted volume of noise", async () => {
  const grid = grids["a tilted gantry"]!;
  const noise = storedVolume(grid, ([x, y, z]) => 900 * Math.sin(91 * x + 57 * y + 23 * z));
  const { series } = accepted(await app.compute(contextOf(noise, allStacks, runner)));
  for (const image of series.flatMap(({ images }) => images)) {
    const expected = mprReference(noise, image);
    const wrong = [...expected].filter((want, index) => {
      const got = image.values[index]!;
      return Number.isNaN(want) ? !Number.isNaN(got) : !(Math.abs(got - want) < 0.5);
    });
    expect(wrong).toEqual([]);
  }
});

test("a sphere stays round in every plane though its voxels are not cubes", async () => {
  const centre = voxelToLps(axialGrid, 11.5, 9.5, 5.5);
  const radiusMm = 6;
  const distance = ([x, y, z]: readonly number[]) =>
    Math.hypot(x! - centre[0], y! - centre[1], z! - centre[2]);
  const sphere = realVolume(axialGrid, (lps) => radiusMm - distance(lps));
  const parameters = { ...allStacks, spacingMm: 0.3, intervalMm: 0.5 };
  const { series } = accepted(await app.compute(contextOf(sphere, parameters, runner)));
  for (const { images } of series) {
    const areasMm2 = images.map(({ values }) => values.filter((value) => value > 0).length * 0.3 ** 2);
    const middle = images[areasMm2.indexOf(Math.max(...areasMm2))]!;
    const columns = spanOf(middle.values, (index) => index % middle.geometry.columns);
    const rows = spanOf(middle.values, (index) => Math.floor(index / middle.geometry.columns));
    // Two pixels of 0.3 mm, and the interpolation of a curved distance over 2.5 mm.
    expect(Math.abs(columns * 0.3 - 2 * radiusMm)).toBeLessThan(0.9);
    expect(Math.abs(rows * 0.3 - 2 * radiusMm)).toBeLessThan(0.9);
  }
});

function spanOf(values: Float32Array, positionOf: (index: number) => number): number {
  const inside = [...values.keys()].filter((index) => values[index]! > 0).map(positionOf);
  return Math.max(...inside) - Math.min(...inside) + 1;
}

test("a tilt is corrected and said; the result names its engine and its planes", async () => {
  const grid = grids["a tilted gantry"]!;
  const fractions: number[] = [];
  const context = contextOf(storedVolume(grid, ramp), allStacks, runner, {
    onProgress: (fraction) => fractions.push(fraction),
  });
  const result = accepted(await app.compute(context));
  expect(result.engine).toBe("gpu.js/webasm");
  expect(result.remarks).toContain("The slices are sheared by 18.0 degrees (gantry tilt); corrected.");
  expect(result.series.map(({ key }) => key)).toEqual([
    "mpr-0-axial",
    "mpr-1-coronal",
    "mpr-2-sagittal",
    "mpr-3-oblique",
  ]);
  expect(result.series[0]!.derivationCode.codeValue).toBe("113072");
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

test("images that lie wholly outside are left out at the ends of a stack", async () => {
  const volume = storedVolume(grids["oblique"]!, ramp);
  const { series } = accepted(await app.compute(contextOf(volume, allStacks, runner)));
  const empty = series.flatMap(({ images }) => images).filter(({ values }) => values.every(Number.isNaN));
  expect(empty).toEqual([]);
});

test("a volume of padding only, and an irregular one, are refused", async () => {
  const volume = { ...storedVolume(axialGrid, () => 0), padding: { low: -32_768, high: 32_767 } };
  expect(await app.compute(contextOf(volume, allStacks, runner))).toMatchObject({
    refused: "NOTHING_MEASURED",
  });
  const plan = planOf(axialGrid, { regular: false });
  expect(await app.compute(contextOf(volume, allStacks, runner, { plan }))).toMatchObject({
    refused: "IRREGULAR_SPACING",
  });
});

test("an aborted job ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("claim lost"));
  const computing = app.compute(contextOf(storedVolume(axialGrid, ramp), allStacks, runner, { signal }));
  await expect(computing).rejects.toThrow("claim lost");
});

test.each([
  ["axial", ["coronal", "sagittal", "oblique"]],
  ["sagittal", ["axial", "coronal", "oblique"]],
  ["coronal", ["axial", "sagittal", "oblique"]],
  ["oblique", ["axial", "coronal", "sagittal", "oblique"]],
  ["a tilted gantry", ["axial", "coronal", "sagittal", "oblique"]],
])("%s slices: the other planes of the patient and one oblique are proposed", (name, planes) => {
  const proposed = app.propose(planOf(grids[name]!));
  expect(proposed).toMatchObject([{ stacks: planes.map((orientation) => ({ orientation })) }]);
});

test("parameters that span no plane, or ask for more than the limits, are no parameters", () => {
  const oblique = { orientation: "oblique", rowLps: [1, 0, 0], columnLps: [2, 0, 0] };
  expect(mprParameters.safeParse({ stacks: [oblique], imagesMax: 10 }).success).toBe(false);
  expect(mprParameters.safeParse({ ...allStacks, imagesMax: 401 }).success).toBe(false);
  expect(mprParameters.safeParse({ ...allStacks, stacks: [] }).success).toBe(false);
  expect(mprParameters.safeParse(allStacks).success).toBe(true);
});
