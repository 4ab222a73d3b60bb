import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { Measurements, Segmentation } from "@releve/dicom/derived/derived-output";
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComputeInput } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { accepted, axialGrid, contextOf, planOf, realVolume, storedVolume } from "../known-volume.fixture.ts";
import { realValues } from "../real-values.ts";
import { app } from "./app.ts";
import type { SuvParameters, SuvRegion } from "./parameters.ts";
import { petHeader, plainHeader, type Header } from "./pet-header.fixture.ts";
import { suvReference } from "./reference.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const petPlan = {
  modality: "PT",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
  imageType: ["ORIGINAL", "PRIMARY"],
};
const images: SuvParameters = { kind: "SUVbw", images: true };

async function run(volume: Volume, parameters: SuvParameters, header: Header = gml) {
  const plan = planOf(volume.geometry, petPlan);
  return app.compute(contextOf(volume, parameters, runner, { plan, attributes: petHeader(header) }));
}

/** Already SUV: what is put in comes out. */
const gml = { ...plainHeader, Units: "GML" };

/** 4 mm pixels, 5 mm slices. */
const grid: GridGeometry = {
  columns: 40,
  rows: 36,
  slices: 20,
  originLps: [-78, -70, -47.5],
  columnStepLps: [4, 0, 0],
  rowStepLps: [0, 4, 0],
  sliceStepLps: [0, 0, 5],
};
const voxelMl = 0.08;

describe("images", () => {
  test("a voxel is its concentration times weight over decayed dose, on its own slices", async () => {
    const activity = storedVolume(axialGrid, ([x, y, z]) => 900 + 20 * x - 7 * y + 3 * z);
    const volume = {
      ...activity,
      padding: { low: activity.voxels.values[5]!, high: activity.voxels.values[5]! },
    };
    const { series, engine, remarks } = accepted(await run(volume, images, plainHeader));
    const reference = suvReference(volume, 70_000 / (370e6 / 4));
    const found = series[0]!.images.flatMap(({ values }) => [...values]);
    expect(
      found.every(
        (value, at) => Object.is(value, Math.fround(reference[at]!)) || nearly(value, reference[at]!),
      ),
    ).toBe(true);
    expect(Number.isNaN(found[5])).toBe(true);
    expect(series[0]).toMatchObject({
      seriesDescription: "SUVbw (g/ml)",
      realWorld: {
        quantity: { codeValue: "126401" },
        unit: { codeValue: "g/ml{SUVbw}" },
        method: { codeValue: "126410" },
      },
    });
    expect(series[0]!.images[3]!.geometry.originLps).toEqual(voxelToLps(axialGrid, 0, 0, 3));
    expect(engine).toContain("webasm");
    expect(remarks.join("\n")).toContain("decayed by 7200 s, to Series Time");
    expect(remarks.join("\n")).not.toMatch(/70|1\.75/);
  });

  test("of another kind say so by name and code", async () => {
    const header = { ...plainHeader, Units: "BQML" };
    for (const [kind, code] of [
      ["SUVlbm(Janma)", "126405"],
      ["SUVlbm(James128)", "126406"],
      ["SUVbsa", "126403"],
    ] as const) {
      const { series, remarks } = accepted(
        await run(
          realVolume(axialGrid, () => 1000),
          { kind, images: true },
          header,
        ),
      );
      expect(series[0]!.realWorld!.quantity.codeValue).toBe(code);
      expect(series[0]!.seriesDescription).toContain(kind);
      expect(remarks[0]).toContain(series[0]!.realWorld!.unit.codeValue);
    }
  });

  test("uneven slices stay where they are", async () => {
    const volume = realVolume(axialGrid, () => 3);
    const slicePositionsLps = Array.from({ length: 12 }, (_, slice) => [-31, 12, 45 + slice ** 1.5] as const);
    const plan = planOf(axialGrid, { ...petPlan, regular: false, slicePositionsLps });
    const context = contextOf(volume, images, runner, { plan, attributes: petHeader(gml) });
    expect(accepted(await app.compute(context)).series[0]!.images[4]!.geometry.originLps[2]).toBe(53);
    const measured = { ...context, parameters: { ...images, region: wholeVolume(1) } };
    expect(await app.compute(measured)).toMatchObject({ refused: "IRREGULAR_SPACING" });
  });
});

const nearly = (found: number, expected: number) =>
  (Number.isNaN(found) && Number.isNaN(expected)) || Math.abs(found / expected - 1) < 2e-7;

const wholeVolume = (suv: number): SuvRegion => ({
  within: { shape: "volume" },
  threshold: { mode: "fixed", suv },
  regionMlMin: 0,
  regionsMax: 50,
});

/** SUV 1 everywhere; a ball of SUV 8 and radius 20 mm, and one of SUV 6 and radius 14 mm, 60 mm apart. */
const balls: readonly {
  readonly center: readonly [number, number, number];
  readonly radiusMm: number;
  readonly suv: number;
}[] = [
  { center: [-30, 2, 0], radiusMm: 20, suv: 8 },
  { center: [30, -6, 5], radiusMm: 14, suv: 6 },
];
const ballSuv = ([x, y, z]: readonly [number, number, number]) =>
  balls.find(({ center: [cx, cy, cz], radiusMm }) => Math.hypot(x - cx, y - cy, z - cz) <= radiusMm)?.suv ??
  1;

async function measure(volume: Volume, region: SuvRegion, kind: SuvParameters["kind"] = "SUVbw") {
  const result = accepted(await run(volume, { kind, images: false, region }));
  const masks = result.outputs.find((output): output is Segmentation => output.kind === "segmentation");
  const report = result.outputs.find((output): output is Measurements => output.kind === "measurements")!;
  return { ...result, masks, report };
}

/** By concept, and by derivation where there is one. */
function valuesIn(report: Measurements, group: number): Record<string, number> {
  const { measurements } = report.groups[group]!;
  return Object.fromEntries(
    measurements.map(({ concept, derivation, value }) => [(derivation ?? concept).codeMeaning, value]),
  );
}

describe("regions", () => {
  test("two balls: their volumes are those of their voxels and of the sphere, their uptake is known", async () => {
    const volume = realVolume(grid, ballSuv);
    const { report, masks, remarks } = await measure(volume, wholeVolume(4));
    expect(report.groups.map(({ label }) => label)).toEqual(["All regions", "Uptake 1", "Uptake 2"]);
    for (const [index, { radiusMm, suv }] of balls.entries()) {
      const voxels = [...volume.voxels.values].filter((value) => value === suv).length;
      const found = valuesIn(report, index + 1);
      expect(found["Metabolic Volume"]).toBeCloseTo(voxels * voxelMl, 9);
      expect(found["Metabolic Volume"]! / ((4 / 3) * Math.PI * (radiusMm / 10) ** 3)).toBeCloseTo(1, 1);
      expect(found).toMatchObject({
        Maximum: suv,
        Mean: suv,
        "Standard Deviation": 0,
        "Peak Value Within ROI": suv,
      });
      expect(found["Total Lesion Glycolysis"]).toBeCloseTo(suv * voxels * voxelMl, 6);
    }
    const [all, first, second] = [0, 1, 2].map((group) => valuesIn(report, group)["Metabolic Volume"]!) as [
      number,
      number,
      number,
    ];
    expect(all).toBeCloseTo(first + second, 9);
    expect(remarks.join("\n")).toContain("Normal uptake");
    const counts = masks!.segments.map(({ masks: planes }) =>
      planes.reduce((sum, plane) => sum + (plane?.reduce((ones, bit) => ones + bit, 0) ?? 0), 0),
    );
    expect(counts.map((count) => count * voxelMl)).toEqual(
      [first, second].map((ml) => expect.closeTo(ml, 9)),
    );
    expect(report.groups[2]!.segment).toEqual({ key: masks!.key, number: 2 });
    expect(masks!.planes[0]!.geometry.originLps[2]).toBe(-17.5);
  });

  test("41 % of the largest value in a sphere finds the ball in it, and not the one beside it", async () => {
    const region: SuvRegion = {
      within: { shape: "sphere", centerLps: [30, -6, 5], radiusMm: 25 },
      threshold: { mode: "percentOfMax", percent: 41 },
      regionMlMin: 0,
      regionsMax: 50,
    };
    const { report, masks, remarks } = await measure(realVolume(grid, ballSuv), region);
    expect(report.groups).toHaveLength(2);
    expect(valuesIn(report, 1)["Maximum"]).toBe(6);
    expect(remarks[3]).toMatch(/at least 2\.46, 41 % of the largest value, in the sphere/);
    expect(masks!.algorithm.type).toBe("SEMIAUTOMATIC");
  });

  test("a percentage keeps the region that holds the maximum, of several above it", async () => {
    const region: SuvRegion = { ...wholeVolume(1), threshold: { mode: "percentOfMax", percent: 50 } };
    const { report } = await measure(realVolume(grid, ballSuv), region);
    expect(report.groups.map((_, group) => valuesIn(report, group)["Maximum"])).toEqual([undefined, 8]);
  });

  test("a box holds its faces, and cuts the ball", async () => {
    const within = { shape: "box", lowLps: [-30, -78, -50], highLps: [-22, 78, 50] } as const;
    const { report } = await measure(
      realVolume(grid, () => 5),
      { ...wholeVolume(4), within },
    );
    expect(valuesIn(report, 1)["Metabolic Volume"]).toBeCloseTo(3 * 36 * 20 * voxelMl, 9);
    expect(
      await run(
        realVolume(grid, () => 5),
        {
          ...images,
          region: { ...wholeVolume(4), within: { shape: "sphere", centerLps: [900, 0, 0], radiusMm: 5 } },
        },
      ),
    ).toMatchObject({ refused: "REGION_EMPTY" });
  });

  test("small regions and those beyond the limit are left out and counted; none is an answer too", async () => {
    const few = await measure(realVolume(grid, ballSuv), { ...wholeVolume(4), regionMlMin: 20 });
    expect(few.report.groups).toHaveLength(2);
    expect(few.remarks.join("\n")).toContain("Left out: 1 below 20 ml");
    const one = await measure(realVolume(grid, ballSuv), { ...wholeVolume(4), regionsMax: 1 });
    expect(one.remarks.join("\n")).toContain("Left out: 1 beyond the 1 largest");
    const no = await measure(realVolume(grid, ballSuv), wholeVolume(50));
    expect(no.masks).toBeUndefined();
    expect(valuesIn(no.report, 0)).toEqual({ "Metabolic Volume": 0, "Total Lesion Glycolysis": 0 });
  });

  test("turning the patient with the region changes no measure", async () => {
    const turn = ([x, y, z]: Vec3, degrees: number): Vec3 => {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      return [x, y * cos - z * sin, y * sin + z * cos];
    };
    const region = (degrees: number): SuvRegion => ({
      within: { shape: "sphere", centerLps: turn([30, -6, 5], degrees), radiusMm: 25.1 },
      threshold: { mode: "percentOfMax", percent: 41 },
      regionMlMin: 0,
      regionsMax: 50,
    });
    const soft = ([x, y, z]: Vec3) => 9 * Math.exp(-((x - 30) ** 2 + (y + 6) ** 2 + (z - 5) ** 2) / 300);
    const upright = await measure(realVolume(grid, soft), region(0));
    for (const degrees of [17, 90, 200]) {
      const turned: GridGeometry = {
        ...grid,
        originLps: turn(grid.originLps, degrees),
        rowStepLps: turn(grid.rowStepLps, degrees),
        sliceStepLps: turn(grid.sliceStepLps, degrees),
      };
      const { report } = await measure(
        realVolume(turned, (lps) => soft(turn(lps, -degrees))),
        region(degrees),
      );
      const wanted = Object.entries(valuesIn(upright.report, 1));
      expect(valuesIn(report, 1)).toEqual(
        Object.fromEntries(wanted.map(([name, value]) => [name, expect.closeTo(value, 4)])),
      );
    }
  });

  test("by body surface there is no glycolysis in grams", async () => {
    const header = { ...gml, Units: "CM2ML", SUVType: "BSA" };
    const region = wholeVolume(4);
    const result = accepted(
      await run(realVolume(grid, ballSuv), { kind: "SUVbsa", images: false, region }, header),
    );
    expect(JSON.stringify(result.outputs)).not.toContain("126033");
    expect(JSON.stringify(result.outputs)).toContain("cm2/ml{SUVbsa}");
  });
});

describe("the rule", () => {
  test("asks for the images of a scanner's PET, and for nothing else", () => {
    const proposed = (changes: object) => app.propose(planOf(grid, { ...petPlan, ...changes }));
    expect(proposed({})).toEqual([images]);
    expect(proposed({ imageType: ["DERIVED", "SECONDARY"] })).toEqual([]);
    expect(proposed({ imageType: ["ORIGINAL", "PRIMARY", "MIP"] })).toEqual([]);
    expect(proposed({ split: { time: 3 } })).toEqual([]);
    expect(proposed({ modality: "CT", sopClassUid: "1.2.840.10008.5.1.4.1.1.2" })).toEqual([]);
    expect(proposed({ sopClassUid: "1.2.840.10008.5.1.4.1.1.130" })).toEqual([]);
  });

  test("what a person begins with is what the application takes", () => {
    expect(app.parameters.parse(app.suggest!([]))).toEqual(app.suggest!([]));
    expect(app.parameters.safeParse({ kind: "SUVbw", images: false }).success).toBe(false);
    expect(app.refuses!([planOf(grid)], images)).toMatchObject({ refused: "NOT_A_PET" });
  });

  test("what the header does not give is refused by the computation", async () => {
    const volume = realVolume(axialGrid, () => 1);
    expect(await run(volume, images, { ...plainHeader, PatientWeight: undefined })).toMatchObject({
      refused: "PATIENT_WEIGHT_MISSING",
    });
    const nothing = { ...volume, padding: { low: 1, high: 1 } };
    expect(await run(nothing, images)).toMatchObject({ refused: "NOTHING_MEASURED" });
  });
});

const headNeck = sharedData("pet-bqml-qin-headneck");
const dro = sharedData("synthetic-truth/suv-dro");
const gmlFolder = sharedData("petct-mr-sts/PET/image");

async function suvOf(input: ComputeInput): Promise<Float32Array> {
  const { volume, ...others } = input;
  const { series } = accepted(await app.compute(contextOf(volume, images, runner, others)));
  return Float32Array.from(series[0]!.images.flatMap(({ values }) => [...values]));
}

describe("known answers of DICOM files", () => {
  test.skipIf(!headNeck)(
    "means and maxima in the regions that were segmented in a head and neck PET",
    async () => {
      const [input] = await folderInputs(join(headNeck!, "pet"));
      const suv = await suvOf(input!);
      const known = {
        1: { voxels: 54, mean: 3.5161, max: 4.4264 },
        2: { voxels: 212, mean: 3.7138, max: 7.2081 },
      };
      const masks = segmentVoxels(join(headNeck!, "seg"), input!.plan.geometry);
      for (const [segment, { voxels, mean, max }] of Object.entries(known)) {
        const values = masks.get(Number(segment))!.map((at) => suv[at]!);
        expect(values).toHaveLength(voxels);
        expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / voxels - mean)).toBeLessThan(1e-4);
        expect(Math.abs(Math.max(...values) - max)).toBeLessThan(1e-4);
      }
    },
  );

  test.skipIf(!dro)("a digital reference object, with a slope of its own in each slice", async () => {
    const [input] = await folderInputs(dro!);
    const suv = await suvOf(input!);
    expect(Math.abs(suv.reduce((max, value) => Math.max(max, value)) - 8)).toBeLessThan(1e-3);
    const central = suv.subarray(12 * 64 * 64, 13 * 64 * 64);
    expect(central.reduce((sum, value) => sum + value, 0) / central.length).toBeCloseTo(0.76145263671875, 3);
    expect(central[20 * 64 + 44]!).toBeCloseTo(4.11, 3);
  });

  test.skipIf(!gmlFolder)("values that are SUV already come out as they were", async () => {
    const [input] = await folderInputs(gmlFolder!);
    expect(await suvOf(input!)).toEqual(realValues(input!.volume));
  });
});

/** Voxel indices by segment number, of a binary Segmentation whose frames lie on the slices of the grid. */
function segmentVoxels(folder: string, geometry: GridGeometry): Map<number, number[]> {
  const [name] = readdirSync(folder);
  const { attributes, bytes, pixelData } = parseDicom(new Uint8Array(readFileSync(join(folder, name!))));
  if (pixelData?.kind !== "native") throw new Error("no native pixels");
  const inSlice = geometry.columns * geometry.rows;
  const found = new Map<number, number[]>();
  for (const [frame, groups] of attributes.items("PerFrameFunctionalGroupsSequence").entries()) {
    const segment = groups.items("SegmentIdentificationSequence")[0]!.number("ReferencedSegmentNumber")!;
    const z = groups.items("PlanePositionSequence")[0]!.numbers("ImagePositionPatient")[2]!;
    const slice = Math.round((z - geometry.originLps[2]) / geometry.sliceStepLps[2]);
    const voxels = found.get(segment) ?? [];
    for (let pixel = 0; pixel < inSlice; pixel++) {
      const bit = frame * inSlice + pixel;
      if ((bytes[pixelData.offset + (bit >> 3)]! >> (bit & 7)) & 1) voxels.push(slice * inSlice + pixel);
    }
    found.set(segment, voxels);
  }
  return found;
}
