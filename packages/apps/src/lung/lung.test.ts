import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accepted, contextOf, noAttributes, planOf, realVolume } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { chestGrid, chestPhantom, type Chest } from "./chest-phantom.fixture.ts";
import { densityHistogram, lungDensity, together } from "./density-histogram.ts";
import { lungParameters } from "./parameters.ts";
import { densityReference } from "./reference.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const compute = (volume: Volume, attributes: Attributes = noAttributes, given: object = {}) =>
  app.compute(contextOf(volume, lungParameters.parse(given), runner, { attributes }));

async function measure(volume: Volume, attributes?: Attributes) {
  const { outputs, remarks, engine } = accepted(await compute(volume, attributes));
  const report = outputs.find((output) => output.kind === "measurements")!;
  const masks = outputs.find((output) => output.kind === "segmentation")!;
  const groups = report.groups.map(({ measurements }) => measurements.map(({ value }) => value));
  const inSlice = volume.geometry.columns * volume.geometry.rows;
  const [left, right] = masks.segments.map((segment) => {
    const mask = new Uint8Array(volume.voxels.values.length);
    for (const [slice, part] of segment.masks.entries()) if (part) mask.set(part, slice * inSlice);
    return mask;
  });
  return {
    groups,
    remarks,
    engine,
    masks,
    report,
    found: left!.map((inside, at) => inside + 2 * right![at]!),
  };
}

const wrongVoxels = (found: Uint8Array, { truth }: Chest) =>
  found.reduce((wrong, side, voxel) => wrong + +(side !== truth[voxel]), 0);

const turned: Readonly<Record<string, GridGeometry>> = {
  "from feet to head": chestGrid,
  "from head to feet": { ...chestGrid, originLps: [-189, -150, 171], sliceStepLps: [0, 0, -6] },
  "the patient's left first": { ...chestGrid, originLps: [189, -150, -171], columnStepLps: [-6, 0, 0] },
  "lying face down": { ...chestGrid, originLps: [-189, 168, -171], rowStepLps: [0, -6, 0] },
};

test.each(Object.entries(turned))("the phantom, %s: mask and numbers are exact", async (_, grid) => {
  const chest = chestPhantom(grid);
  const { groups, found, remarks, engine } = await measure(chest.volume);
  expect(wrongVoxels(found, chest)).toBe(0);
  const sides = [[1, 2], [1], [2]];
  for (const [index, side] of sides.entries()) {
    const known = densityReference(chest.volume, (voxel) => side.includes(chest.truth[voxel]!));
    const [volumeMl, meanHu, laa950Percent, pd15Hu] = groups[index]!;
    expect(volumeMl).toBeCloseTo(known.voxels * 0.216, 9);
    expect(meanHu).toBeCloseTo(known.meanHu, 9);
    expect(laa950Percent).toBeCloseTo(known.laa950Percent, 12);
    expect(pd15Hu).toBeCloseTo(known.pd15Hu, 9);
  }
  // Balls of 20 mm and 14 mm in ellipsoids of 48 x 75 x 110 mm: the volumes' ratio, as far as voxels of 6 mm tell.
  expect(groups[1]![2]! / ((100 * 20 ** 3) / (48 * 75 * 110))).toBeCloseTo(1, 1);
  expect(groups[0]![0]! / ((2 * 4 * Math.PI * 48 * 75 * 110) / 3 / 1000)).toBeCloseTo(1, 2);
  expect(remarks[0]).toMatch(/^\d+ ml of other air/);
  expect(engine).toContain("webasm");
});

test("bronchi that open into the lungs: the trachea is out, and the lungs hardly differ", async () => {
  const chest = chestPhantom(chestGrid, { openBronchi: true });
  const { found, remarks } = await measure(chest.volume);
  const wrong = wrongVoxels(found, chest);
  const lungs = chest.truth.filter((side) => side > 0).length;
  expect(wrong).toBeGreaterThan(0);
  expect(wrong / lungs).toBeLessThan(0.003);
  expect(remarks.join(" ")).not.toContain("trachea was found");
});

test.each([0, 9, -15])(
  "lungs that touch are parted at the denser wall, %i mm from the middle",
  async (septumAtMm) => {
    const chest = chestPhantom(chestGrid, { septumAtMm });
    const { found } = await measure(chest.volume);
    const exchanged = found.filter((side, voxel) => side > 0 && side !== chest.truth[voxel]).length;
    // The wall itself may go to either side: one column of the touching area.
    const wall = chest.volume.voxels.values.filter((hu) => hu === -700).length;
    expect(wall).toBeGreaterThan(100);
    expect(exchanged).toBeLessThanOrEqual(wall);
  },
);

test("without a trachea in the scan that is said", async () => {
  const chest = chestPhantom(chestGrid, { withTrachea: false });
  const { found, remarks } = await measure(chest.volume);
  expect(wrongVoxels(found, chest)).toBe(0);
  expect(remarks[0]).toContain("No trachea was found");
});

/** The phantom's slices from `first` on, `count` of them. */
function slab(first: number, count: number): Volume {
  const grid = { ...chestGrid, slices: count, originLps: [-189, -150, -171 + 6 * first] as const };
  return chestPhantom(grid).volume;
}

test("lungs that are cut off at one end are measured with a remark", async () => {
  expect((await measure(slab(21, 37))).remarks.join(" ")).toContain("reaches the first slice");
  expect((await measure(slab(0, 40))).remarks.join(" ")).toContain("reaches the last slice");
});

test.each<[string, Volume, Attributes]>([
  ["LUNGS_CUT_OFF", slab(21, 16), noAttributes],
  ["NO_LUNGS", realVolume({ ...chestGrid, slices: 6 }, () => 40), noAttributes],
  [
    "CONTRAST_ENHANCED",
    slab(21, 16),
    { ...noAttributes, string: (name) => (name === "ContrastBolusAgent" ? "Iomeron" : undefined) },
  ],
])("%s", async (refused, volume, attributes) => {
  expect(await compute(volume, attributes)).toMatchObject({ refused });
});

test("one lung alone is refused: the other may be full of water", async () => {
  const { volume, truth } = chestPhantom();
  for (let voxel = 0; voxel < truth.length; voxel++) if (truth[voxel] === 2) volume.voxels.values[voxel] = 20;
  expect(await compute(volume)).toMatchObject({ refused: "LUNG_MISSING" });
});

test("nobody is proposed it, and another modality hears why", () => {
  expect(app.takes === "volume" && app.propose(planOf(chestGrid))).toEqual([]);
  expect(app.refuses!([planOf(chestGrid, { modality: "PT" })], { lungBelowHu: -500 })).toMatchObject({
    refused: "MODALITY_NOT_SUPPORTED",
  });
});

test("masks and report say what they are, kernel, voltage and thickness too", async () => {
  const numbers: Readonly<Record<string, number>> = { KVP: 100, SliceThickness: 5 };
  const { masks, report, remarks } = await measure(chestPhantom().volume, {
    ...noAttributes,
    number: (name) => numbers[name],
    string: (name) => (name === "ConvolutionKernel" ? "B35f" : undefined),
  });
  expect(masks).toMatchObject({
    algorithm: { type: "AUTOMATIC" },
    segments: [
      { label: "left lung", laterality: { codeValue: "7771000" } },
      { label: "right lung", laterality: { codeValue: "24028007" } },
    ],
  });
  expect(report.groups.map(({ label, segment }) => [label, segment?.number])).toEqual([
    ["both lungs", undefined],
    ["left lung", 1],
    ["right lung", 2],
  ]);
  expect(report.groups[0]!.measurements.map(({ unit }) => unit.codeValue)).toEqual([
    "ml",
    "[hnsf'U]",
    "%",
    "[hnsf'U]",
  ]);
  expect(remarks.join(" ")).toMatch(/kernel B35f.*100 kV.*5 mm thick/);
});

test("a histogram counts every value once, whatever its slope, and no padding", () => {
  const values = Int16Array.of(-30000, 4, 2, 4, 32767, 4, 0);
  const volume: Volume = {
    geometry: { ...chestGrid, columns: 7, rows: 1, slices: 1 },
    voxels: { kind: "stored", values, slope: -0.5, intercept: -950 },
    padding: { low: 32767, high: 32767 },
  };
  const some = densityHistogram(volume, Uint8Array.of(0, 1, 1, 1, 1, 0, 0));
  const histogram = together(some, densityHistogram(volume, Uint8Array.of(0, 0, 0, 0, 0, 0, 1)));
  expect([...histogram.hu]).toEqual([-952, -951, -950]);
  expect([...histogram.counts]).toEqual([2, 1, 1]);
  // Ranks 0 to 3; the 15th percentile is at 0.45, between two values of -952.
  expect(lungDensity(histogram)).toEqual({ voxels: 4, meanHu: -951.25, laa950Percent: 75, pd15Hu: -952 });
  const real = realVolume({ ...volume.geometry, columns: 2 }, ([x]) => -900.5 + x);
  const { hu, counts } = densityHistogram(real, Uint8Array.of(1, 1));
  expect([[...hu], [...counts]]).toEqual([
    [-1089.5, -1083.5],
    [1, 1],
  ]);
});
