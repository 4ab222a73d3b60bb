import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { accepted, contextOf, grids, noAttributes, planOf } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { calciumParameters, type VesselLabel } from "./parameters.ts";
import { calciumReference } from "./reference.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

/** Pixels of 0.25 mm2, slices 3 mm apart. */
const grid: GridGeometry = {
  columns: 20,
  rows: 16,
  slices: 5,
  originLps: [-40, -30, 100],
  columnStepLps: [0.5, 0, 0],
  rowStepLps: [0, 0.5, 0],
  sliceStepLps: [0, 0, 3],
};

type Block = { readonly hu: number; readonly at: Vec3; readonly size: Vec3 };

/** Boxes of voxels of one density in soft tissue of 40 HU. */
function blocks(of: readonly Block[], on: GridGeometry = grid): Volume {
  const values = new Int16Array(on.columns * on.rows * on.slices).fill(40);
  for (const { hu, at, size } of of)
    for (let slice = at[2]; slice < at[2] + size[2]; slice++)
      for (let row = at[1]; row < at[1] + size[1]; row++)
        for (let column = at[0]; column < at[0] + size[0]; column++)
          values[(slice * on.rows + row) * on.columns + column] = hu;
  return { geometry: on, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
}

type Given = { labels?: readonly VesselLabel[]; massCalibrationMgPerCm3Hu?: number };

const saying = (
  numbers: Readonly<Record<string, number>>,
  strings: Readonly<Record<string, string>> = {},
): Attributes => ({
  ...noAttributes,
  number: (keyword) => numbers[keyword],
  string: (keyword) => strings[keyword],
});
const usual = saying({ KVP: 120, SliceThickness: 3 });

const compute = (volume: Volume, given: Given = {}, attributes = usual) =>
  app.compute(contextOf(volume, calciumParameters.parse(given), runner, { attributes }));

/** Agatston, volume in mm3 and mass in mg of each group, by its label. */
async function scores(volume: Volume, given: Given = {}, attributes = usual) {
  const { outputs, remarks, engine } = accepted(await compute(volume, given, attributes));
  const report = outputs.find((output) => output.kind === "measurements")!;
  const masks = outputs.find((output) => output.kind === "segmentation");
  const groups = Object.fromEntries(
    report.groups.map(({ label, measurements }) => [label, measurements.map(({ value }) => value)]),
  );
  return { groups, report, masks, remarks, engine };
}

const center = ({ at, size }: Block): Vec3 =>
  voxelToLps(grid, at[0] + (size[0] - 1) / 2, at[1] + (size[1] - 1) / 2, at[2]);
const plaque = (vessel: VesselLabel["vessel"], block: Block): VesselLabel => ({
  kind: "plaque",
  vessel,
  pointLps: [...center(block)],
});

const lad: Block = { hu: 250, at: [2, 2, 1], size: [4, 3, 2] };
const rca: Block = { hu: 450, at: [12, 8, 0], size: [2, 4, 1] };

test("two blocks in closed form, each in its vessel", async () => {
  const labels = [plaque("LAD", lad), plaque("RCA", rca)];
  const { groups, engine } = await scores(blocks([lad, rca]), { labels, massCalibrationMgPerCm3Hu: 0.8 });
  // 12 pixels of 0.25 mm2 and weight 2 in two slices; 8 pixels and weight 4 in one.
  const ladScores = [2 * 12 * 0.25 * 2, 24 * 0.75, (24 * 0.75 * 250 * 0.8) / 1000];
  const rcaScores = [8 * 0.25 * 4, 8 * 0.75, (8 * 0.75 * 450 * 0.8) / 1000];
  const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
  expect(groups).toEqual({
    "all named vessels": close(ladScores.map((score, index) => score + rcaScores[index]!)),
    LM: [0, 0, 0],
    LAD: close(ladScores),
    LCX: [0, 0, 0],
    RCA: close(rcaScores),
  });
  expect(engine).toContain("webasm");
});

test.each([
  [129, 0],
  [130, 1],
  [199, 1],
  [200, 2],
  [299, 2],
  [300, 3],
  [399, 3],
  [400, 4],
  [3000, 4],
])("%i HU weighs %i", async (hu, weight) => {
  const block: Block = { hu, at: [3, 3, 2], size: [2, 2, 1] };
  const { groups } = await scores(blocks([block]));
  expect(groups["unassigned"]?.[0] ?? 0).toBeCloseTo(weight, 12);
});

test("the peak of the slice weighs the lesion of the slice, not that of its neighbours", async () => {
  const peak: Block = { hu: 410, at: [4, 4, 1], size: [1, 1, 1] };
  const { groups } = await scores(blocks([{ hu: 150, at: [4, 4, 1], size: [2, 2, 2] }, peak]));
  expect(groups["unassigned"]![0]).toBeCloseTo(1 * 4 + 1 * 1, 12);
});

test("four pixels of 0.25 mm2 are a lesion, three are noise, and corners join", async () => {
  const three: Block = { hu: 500, at: [1, 1, 0], size: [3, 1, 1] };
  expect((await scores(blocks([three]))).groups["all named vessels"]).toEqual([0, 0]);
  const corner: Block = { hu: 500, at: [4, 2, 0], size: [1, 1, 1] };
  expect((await scores(blocks([three, corner]))).groups["unassigned"]![0]).toBeCloseTo(4, 12);
  // The same four pixels in two slices are two times two, and neither is a lesion.
  const column: Block = { hu: 500, at: [1, 1, 0], size: [2, 1, 2] };
  expect((await scores(blocks([column]))).groups["all named vessels"]).toEqual([0, 0]);
});

test("slices that overlap count by the distance between them: the same lesion has the same score", async () => {
  const fine: GridGeometry = { ...grid, slices: 10, sliceStepLps: [0, 0, 1.5] };
  const twice: Block = { ...lad, at: [2, 2, 2], size: [4, 3, 4] };
  const { groups, remarks } = await scores(blocks([twice], fine));
  expect(groups["unassigned"]).toEqual((await scores(blocks([lad]))).groups["unassigned"]);
  expect(remarks.join(" ")).toMatch(/1.5 mm apart.*scaled by 0.500.*overlap/);
});

test("what has no label is unassigned: in a group of its own, in no total, and said", async () => {
  const { groups, remarks, masks } = await scores(blocks([lad, rca]), { labels: [plaque("LAD", lad)] });
  expect(groups["all named vessels"]).toEqual(groups["LAD"]);
  expect(groups["unassigned"]![0]).toBeCloseTo(8, 12);
  expect(remarks[0]).toBe(
    "1 lesions (Agatston 8.0) have no label: they are reported as unassigned and in no vessel's score.",
  );
  expect(masks!.segments.map(({ label }) => label)).toEqual(["LAD", "unassigned"]);
});

test("without any label there is no total that could be taken for the patient's", async () => {
  const { groups, remarks } = await scores(blocks([lad, rca]));
  expect(Object.keys(groups)).toEqual(["unassigned"]);
  expect(remarks.join(" ")).toContain("not the patient's score");
});

test("where nothing is bright the score is 0, and there is no mask", async () => {
  const { groups, masks } = await scores(blocks([]));
  expect(groups).toMatchObject({ "all named vessels": [0, 0], LAD: [0, 0] });
  expect(masks).toBeUndefined();
});

describe("labels", () => {
  const long: Block = { hu: 210, at: [2, 5, 1], size: [4, 2, 3] };

  test("one point names a plaque through all its slices", async () => {
    const { groups } = await scores(blocks([long]), { labels: [plaque("LCX", long)] });
    expect(groups["LCX"]![0]).toBeCloseTo(3 * 8 * 0.25 * 2, 12);
    expect(groups["unassigned"]).toBeUndefined();
  });

  test("a later box takes a part of a plaque to another vessel", async () => {
    const low = voxelToLps(grid, 0, 0, 1);
    const box: VesselLabel = { kind: "box", vessel: "LM", lowLps: [...low], highLps: [0, 0, low[2]] };
    const { groups } = await scores(blocks([long]), { labels: [plaque("LAD", long), box] });
    expect(groups["LM"]![0]).toBeCloseTo(4, 12);
    expect(groups["LAD"]![0]).toBeCloseTo(8, 12);
  });

  test("what is not coronary is left out and said", async () => {
    const { groups, remarks } = await scores(blocks([lad, rca]), {
      labels: [plaque("LAD", lad), plaque("not-coronary", rca)],
    });
    expect(groups["all named vessels"]).toEqual(groups["LAD"]);
    expect(groups["unassigned"]).toBeUndefined();
    expect(remarks[0]).toContain("1 lesions (Agatston 8.0) are labelled as not coronary");
  });

  test("a label that lies on nothing is refused by its number", async () => {
    const labels = [plaque("LAD", lad), plaque("RCA", rca)];
    expect(await compute(blocks([lad]), { labels })).toMatchObject({
      refused: "LABEL_WITHOUT_LESION",
      reason: expect.stringContaining("Label 2 (RCA)"),
    });
  });
});

test.each(["axial", "axial, from head to feet", "a tilted gantry"])(
  "noise, %s: as the reference says",
  async (name) => {
    const on = grids[name]!;
    const values = Int16Array.from({ length: 24 * 20 * 12 }, (_, index) =>
      Math.round(900 * Math.sin(index * 91.7) * Math.sin(index * 7.3 + name.length)),
    );
    const volume: Volume = {
      geometry: on,
      voxels: { kind: "stored", values, slope: 0.5, intercept: 3 },
      padding: { low: 600, high: 700 },
    };
    const attributes = saying({ KVP: 120, SliceThickness: 2.5 });
    const { groups } = await scores(volume, { massCalibrationMgPerCm3Hu: 0.7 }, attributes);
    const { agatston, volumeMm3, massMg } = calciumReference(volume, 0.7);
    expect(agatston).toBeGreaterThan(100);
    expect(groups["unassigned"]![0]! / agatston).toBeCloseTo(1, 12);
    expect(groups["unassigned"]![1]! / volumeMm3).toBeCloseTo(1, 12);
    expect(groups["unassigned"]![2]! / massMg).toBeCloseTo(1, 6);
  },
);

test.each<[string, Attributes]>([
  ["KVP_NOT_120", saying({ KVP: 100, SliceThickness: 3 })],
  ["CONTRAST_ENHANCED", saying({ KVP: 120 }, { ContrastBolusAgent: "Iomeron" })],
  ["NOT_HOUNSFIELD", saying({ KVP: 120 }, { RescaleType: "US" })],
  ["SLICE_THICKNESS", saying({ KVP: 120, SliceThickness: 1 })],
  ["SLICE_GAPS", saying({ KVP: 120, SliceThickness: 2.5 })],
])("%s", async (refused, attributes) => {
  expect(await compute(blocks([lad]), {}, attributes)).toMatchObject({ refused });
});

test("an unknown voltage and the electron beam's are remarks", async () => {
  const remarksOf = async (attributes: Attributes) =>
    (await scores(blocks([lad]), {}, attributes)).remarks.join(" ");
  expect(await remarksOf(saying({ SliceThickness: 3 }))).toContain("voltage is not written");
  expect(await remarksOf(saying({ KVP: 130, SliceThickness: 3 }))).toContain("130 kV");
  expect(await remarksOf(usual)).not.toContain("kV");
});

test("nobody is proposed a score, and another modality hears why", () => {
  expect(app.takes === "volume" && app.propose(planOf(grid))).toEqual([]);
  expect(app.refuses!([planOf(grid, { modality: "MR" })], calciumParameters.parse({}))).toMatchObject({
    refused: "MODALITY_NOT_SUPPORTED",
  });
});

test("masks and report say what they are", async () => {
  const { masks, report } = await scores(blocks([lad, rca]), {
    labels: [plaque("LAD", lad), plaque("RCA", rca)],
    massCalibrationMgPerCm3Hu: 0.8,
  });
  expect(masks).toMatchObject({
    algorithm: { type: "SEMIAUTOMATIC" },
    segments: [
      { label: "LAD", anatomy: { codeValue: "59438005" } },
      { label: "RCA", anatomy: { codeValue: "13647002" } },
    ],
  });
  const [first] = masks!.segments;
  expect(first!.masks.map((mask) => mask?.reduce((sum, inside) => sum + inside, 0))).toEqual([
    undefined,
    12,
    12,
    undefined,
    undefined,
  ]);
  const group = report.groups.find(({ label }) => label === "RCA")!;
  expect(group.segment).toEqual({ key: masks!.key, number: 2 });
  expect(group.measurements.map(({ method, unit }) => [method!.codeValue, unit.codeValue])).toEqual([
    ["112055", "[arb'U]"],
    ["112056", "mm3"],
    ["112057", "mg"],
  ]);
});

const known = sharedData("synthetic-truth/agatston");

type Truth = {
  readonly total_agatston: number;
  readonly total_volume_mm3: number;
  readonly lesions: readonly {
    readonly row: number;
    readonly col: number;
    readonly slices: readonly [number, number];
    readonly agatston: number;
    readonly volume_mm3: number;
  }[];
};

test.skipIf(!known)("the known phantom: exact, in all and lesion by lesion", async () => {
  const [input] = await folderInputs(known!);
  const { volume, plan, attributes } = input!;
  const truth = JSON.parse(readFileSync(join(known!, "truth.json"), "utf8")) as Truth;
  const ask = async (labels: readonly VesselLabel[]) => {
    const parameters = calciumParameters.parse({ labels });
    const result = accepted(await app.compute(contextOf(volume, parameters, runner, { plan, attributes })));
    const report = result.outputs.find((output) => output.kind === "measurements")!;
    return new Map(
      report.groups.map(({ label, measurements }) => [label, measurements.map(({ value }) => value)]),
    );
  };
  const total = (await ask([])).get("unassigned")!;
  expect(total[0]).toBeCloseTo(truth.total_agatston, 9);
  expect(total[1]).toBeCloseTo(truth.total_volume_mm3, 9);
  const bright = truth.lesions.filter(({ agatston }) => agatston > 0);
  expect(bright).toHaveLength(5);
  for (const { row, col, slices, agatston, volume_mm3 } of bright) {
    const pointLps = [...voxelToLps(volume.geometry, col, row, slices[0])] as [number, number, number];
    const found = await ask([{ kind: "plaque", vessel: "LAD", pointLps }]);
    expect(found.get("LAD")![0]).toBeCloseTo(agatston, 9);
    expect(found.get("LAD")![1]).toBeCloseTo(volume_mm3, 9);
  }
});
