import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import { digestOf } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import type { Projection } from "@releve/kernels/kernel-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accepted, axialGrid, contextOf, grids, planOf, storedVolume } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import type { SlabParameters } from "./parameters.ts";
import { slabReference } from "./reference.ts";
import { rotatingSlabs } from "./rotation.ts";
import { stackedSlabs } from "./slabs.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const stack = (projection: Projection, changes: Partial<Extract<SlabParameters, { kind: "stack" }>> = {}) =>
  ({
    kind: "stack",
    projection,
    orientation: "axial",
    thicknessMm: 10,
    intervalMm: 5,
    imagesMax: 100,
    ...changes,
  }) as const;

const film = (views: number, arcDegrees: 180 | 360 = 360) =>
  ({ kind: "rotating", projection: "max", views, arcDegrees }) as const;

const noise = (grid: GridGeometry) =>
  storedVolume(grid, ([x, y, z]) => 900 * Math.sin(91 * x + 57 * y + 23 * z));

async function imagesOf(volume: Volume, parameters: SlabParameters) {
  return accepted(await app.compute(contextOf(volume, parameters, runner))).series[0]!.images;
}

test.each<[string, SlabParameters]>([
  ["a film of max", film(6)],
  ["half a turn of min", { ...film(5, 180), projection: "min" }],
  ["thin axial mean", stack("mean")],
  ["thin coronal max", stack("max", { orientation: "coronal", thicknessMm: 4, intervalMm: 3 })],
  ["thin sagittal min", stack("min", { orientation: "sagittal", thicknessMm: 4, intervalMm: 3 })],
])("%s of a tilted volume of noise is what the float64 reference says", async (_, parameters) => {
  const grid = grids["a tilted gantry"]!;
  const volume = noise(grid);
  const set =
    parameters.kind === "rotating" ? rotatingSlabs(grid, parameters) : stackedSlabs(grid, parameters);
  const images = await imagesOf(volume, parameters);
  expect(images.length).toBeGreaterThan(3);
  for (const image of images) {
    const expected = slabReference(volume, image, parameters.projection, set.slabs[0]!.steps);
    const wrong = [...expected].filter((want, index) => {
      const got = image.values[index]!;
      return Number.isNaN(want) ? !Number.isNaN(got) : !(Math.abs(got - want) < 0.5);
    });
    // A sample that lies on a face to within float32 may count for one and not for the other.
    expect(wrong.length).toBeLessThanOrEqual(expected.length / 500);
  }
});

const points: readonly { readonly voxel: Vec3; readonly value: number }[] = [
  { voxel: [3, 5, 0], value: 400 },
  { voxel: [17, 11, 6], value: 700 },
  { voxel: [9, 2, 11], value: 1000 },
];

function pointVolume(grid: GridGeometry): Volume {
  const toVoxel = lpsToVoxel(grid);
  return storedVolume(grid, (lps) => {
    const [x, y, z] = toVoxel(lps).map(Math.round);
    return points.find(({ voxel }) => voxel[0] === x && voxel[1] === y && voxel[2] === z)?.value ?? -1000;
  });
}

test("axial slabs meet every slice: each point shows its own value, and a MinIP shows none", async () => {
  const cubic: GridGeometry = { ...axialGrid, rowStepLps: [0, 0.7, 0] };
  const volume = pointVolume(cubic);
  const whole = stack("max", { thicknessMm: 60, intervalMm: 60 });
  const [max] = await imagesOf(volume, whole);
  expect([...max!.values].filter((value) => value > -1000).toSorted((a, b) => a - b)).toEqual([
    400, 700, 1000,
  ]);
  expect(max!.values[5 * 24 + 3]).toBe(400);
  const [min] = await imagesOf(volume, { ...whole, projection: "min" });
  expect([...min!.values].every((value) => value === -1000)).toBe(true);
  const thin = await imagesOf(volume, stack("max", { thicknessMm: 2, intervalMm: 1 }));
  for (const { voxel, value } of points) {
    const seen = thin.filter(({ values }) => values[voxel[1] * 24 + voxel[0]] === value);
    const placesMm = seen.map(({ geometry }) => geometry.originLps[2] - voxelToLps(cubic, ...voxel)[2]);
    expect(placesMm.length).toBeGreaterThan(0);
    expect(Math.max(...placesMm.map(Math.abs))).toBeLessThanOrEqual(1.25 + 1e-6);
  }
});

test("a film has one matrix, the first view from the front, and half a turn later the same rays from behind", () => {
  const set = rotatingSlabs(axialGrid, film(8));
  const planes = [...set.slabs, ...set.mirrored].map(({ plane }) => plane);
  expect(planes).toHaveLength(8);
  expect(new Set(planes.map(({ columns, rows }) => `${columns}x${rows}`)).size).toBe(1);
  expect(planes[0]!.columnStepLps[0]).toBeCloseTo(0.7, 12);
  expect(set.slabs[0]!.stepLps[1]).toBeCloseTo(0.7, 12);
  const last = ({ columns, rows, ...plane }: (typeof planes)[number], row: number) =>
    voxelToLps({ ...plane, columns, rows, slices: 1, sliceStepLps: [0, 0, 0] }, columns - 1, row, 0);
  last(planes[0]!, 0).forEach((coordinate, axis) =>
    expect(coordinate).toBeCloseTo(planes[4]!.originLps[axis]!, 9),
  );
});

test("an odd film, or half a turn, computes every view itself", () => {
  expect(rotatingSlabs(axialGrid, film(7)).slabs).toHaveLength(7);
  expect(rotatingSlabs(axialGrid, film(8, 180)).slabs).toHaveLength(8);
});

test("the series says what it is: codes, Image Type, thickness, bone window for a CT film", async () => {
  const volume = noise(axialGrid);
  const turning = accepted(await app.compute(contextOf(volume, film(4), runner))).series[0]!;
  expect(turning).toMatchObject({
    key: "slab-rotating-max",
    rotating: true,
    imageTypeValues: ["PROJECTION IMAGE", "MIP"],
    derivationCode: { codeValue: "113078" },
    window: { center: 500, width: 2000 },
  });
  const mean = accepted(await app.compute(contextOf(volume, stack("mean"), runner))).series[0]!;
  expect(mean.derivationCode.codeValue).toBe("113049");
  expect(mean.images[0]!.thicknessMm).toBeCloseTo(10, 9);
  expect(mean.rotating).toBeUndefined();
});

test.each([
  ["CT", ["max", "min", "mean"]],
  ["MR", ["max", "mean"]],
  ["PT", ["max"]],
])("%s: what is proposed", (modality, projections) => {
  const proposed = app.propose(planOf(axialGrid, { modality }));
  expect(proposed).toMatchObject(projections.map((projection) => ({ projection })));
});

const known = sharedData("synthetic-truth/mip-points");

test.skipIf(!known)(
  "the known points of a CT: each shows in the whole-volume MIP with its value",
  async () => {
    const { plan, volume } = await load(known!);
    const truth = JSON.parse(readFileSync(join(known!, "truth.json"), "utf8")) as {
      points: { row: number; col: number; hu: number }[];
    };
    const whole = stack("max", { thicknessMm: 200, intervalMm: 200 });
    const { series } = accepted(await app.compute(contextOf(volume, whole, runner, { plan })));
    const { values, geometry } = series[0]!.images[0]!;
    expect([geometry.columns, geometry.rows]).toEqual([96, 96]);
    for (const { row, col, hu } of truth.points) expect(values[row * 96 + col]).toBe(hu);
    // Between the points nothing rises above the background by more than float32 weights do.
    expect([...values].filter((value) => value > -999.9)).toHaveLength(truth.points.length);
    const views = accepted(await app.compute(contextOf(volume, film(8), runner, { plan }))).series[0]!.images;
    // A single voxel met between voxel centres still lifts every view above the background; nothing rises above the highest.
    for (const view of views) {
      const brightest = Math.max(...view.values.filter((value) => !Number.isNaN(value)));
      expect(brightest).toBeGreaterThan(-900);
      expect(brightest).toBeLessThanOrEqual(1850);
    }
  },
);

async function load(folder: string) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".dcm"),
  );
  const files = new Map(
    names.map((name) => readFileSync(join(folder, name))).map((bytes) => [digestOf(bytes), bytes]),
  );
  const decision = splitSeries([...files].map(([digest, bytes]) => ({ digest, object: parseDicom(bytes) })));
  const plan = decision.volumes[0]!;
  const read = (digest: string) => Promise.resolve(files.get(digest as never)!);
  const volume = await loadVolume(plan, read, { budgetBytes: 2 ** 30 });
  if (isRefusal(volume)) throw new Error(volume.reason);
  return { plan, volume };
}
