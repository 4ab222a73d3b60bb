import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import type { Vec3 } from "@releve/domain/vec3";
import type { DerivedOutput, RenderedFrames } from "@releve/dicom/derived/derived-output";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { planOf, realVolume, storedVolume } from "../known-volume.fixture.ts";
import { petHeader, plainHeader, type Header } from "../suv/pet-header.fixture.ts";
import { app } from "./app.ts";
import { hotIron } from "./hot-iron.ts";
import type { FusionParameters } from "./parameters.ts";
import { fusionReference } from "./reference.ts";
import { stackPlanes } from "./view-planes.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

/** 1 mm pixels, 3 mm slices, from -15 to 15 across and 0 to 33 along the body. */
const ctGrid: GridGeometry = {
  columns: 31,
  rows: 25,
  slices: 12,
  originLps: [-15, -12, 0],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 3],
};

/** 4 mm pixels, 5 mm slices; narrower than the CT. */
const petGrid: GridGeometry = {
  columns: 6,
  rows: 6,
  slices: 7,
  originLps: [-10, -10, 1],
  columnStepLps: [4, 0, 0],
  rowStepLps: [0, 4, 0],
  sliceStepLps: [0, 0, 5],
};

const ctPlan = (changes: Partial<VolumePlan> = {}) =>
  planOf(ctGrid, { frameOfReferenceUid: "1.2.9", seriesInstanceUid: "1.2.3.5", ...changes });
const petPlan = (changes: Partial<VolumePlan> = {}) =>
  planOf(petGrid, {
    frameOfReferenceUid: "1.2.9",
    modality: "PT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
    imageType: ["ORIGINAL", "PRIMARY"],
    ...changes,
  });

const asked: FusionParameters = {
  views: ["axial"],
  grid: "CT",
  ctWindow: { center: 40, width: 400 },
  petTop: { unit: "source", value: 10 },
  alpha: 0.5,
  imagesMax: 50,
};

const inputOf = (volume: Volume, plan: VolumePlan, header: Header = plainHeader): ComputeInput => ({
  volume,
  plan,
  attributes: petHeader(header),
});

function contextOf(inputs: readonly ComputeInput[], changes: Partial<FusionParameters> = {}) {
  return {
    inputs,
    parameters: { ...asked, ...changes },
    runner,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  } as unknown as ComputeContext<FusionParameters>;
}

async function fused(inputs: readonly ComputeInput[], changes: Partial<FusionParameters> = {}) {
  const result = await app.compute(contextOf(inputs, changes));
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  const views = result.outputs.filter((output): output is RenderedFrames => output.kind === "rendered");
  return { ...result, views };
}

const hu = ([x, y, z]: Vec3) => 12 * x - 9 * y + 5 * z;
const uptake = ([x, y, z]: Vec3) => 4 + 0.2 * x + 0.1 * y + 0.1 * z;

const pixel = ({ columns, frames }: RenderedFrames, frame: number, column: number, row: number) => [
  ...frames[frame]!.subarray((row * columns + column) * 3, (row * columns + column) * 3 + 3),
];

describe("colours", () => {
  test("Hot Iron goes from black over red and yellow to white", () => {
    const entry = (index: number) => [...hotIron.subarray(index * 3, index * 3 + 3)];
    expect([0, 64, 127, 128, 191, 192, 254, 255].map(entry)).toEqual([
      [0, 0, 0],
      [128, 0, 0],
      [254, 0, 0],
      [255, 0, 0],
      [255, 126, 0],
      [255, 128, 4],
      [255, 252, 252],
      [255, 255, 255],
    ]);
  });

  test("are known where both are flat, and black where neither shows anything", async () => {
    const inputs = [
      inputOf(
        realVolume(petGrid, () => 5),
        petPlan(),
      ),
      inputOf(
        realVolume(ctGrid, () => 140),
        ctPlan(),
      ),
    ];
    const { views, engine } = await fused(inputs, { alpha: 0.4 });
    // CT at three quarters of its window: 0.6 * 191.25. PET at the middle of its scale: entry 128, pure red, of which 0.4 count.
    expect(pixel(views[0]!, 5, 15, 12)).toEqual([217, 115, 115]);
    expect(pixel(views[0]!, 5, 0, 0)).toEqual([115, 115, 115]);
    expect(engine).toContain("webasm");
    const onPet = await fused(inputs, { grid: "PT", alpha: 1 });
    expect(pixel(onPet.views[0]!, 0, 0, 0)).toEqual([255, 0, 0]);
    const dark = await fused(
      [
        inputs[0]!,
        inputOf(
          realVolume(ctGrid, () => -3000),
          ctPlan(),
        ),
      ],
      { alpha: 0.5 },
    );
    expect(pixel(dark.views[0]!, 5, 0, 0)).toEqual([0, 0, 0]);
  });

  test.each([
    ["axial", "CT"],
    ["axial", "PT"],
    ["coronal", "CT"],
    ["sagittal", "PT"],
  ] as const)("%s planes on the grid of the %s agree with the reference", async (view, grid) => {
    const [ct, pet] = [storedVolume(ctGrid, hu), realVolume(petGrid, uptake)];
    const { views } = await fused([inputOf(ct, ctPlan()), inputOf(pet, petPlan())], { views: [view], grid });
    const { planes } = stackPlanes(grid === "CT" ? ctGrid : petGrid, view, asked.imagesMax);
    expect(views[0]!.frames).toHaveLength(planes.length);
    const look = { ctCenter: 40, ctWidth: 400, petTop: 10, alpha: 0.5 };
    for (const [index, frame] of views[0]!.frames.entries()) {
      const reference = fusionReference(ct, pet, planes[index]!, look);
      // A palette entry on the border of two may fall to the other side: 4 levels of blue, of which half count.
      const worst = Math.max(...reference.map((value, at) => Math.abs(value - frame[at]!)));
      expect(worst).toBeLessThanOrEqual(2.5);
    }
  });

  test("a stack has the slices of the grid that was asked for", async () => {
    const inputs = [
      inputOf(realVolume(petGrid, uptake), petPlan()),
      inputOf(realVolume(ctGrid, hu), ctPlan()),
    ];
    const [onCt] = (await fused(inputs)).views;
    expect([onCt!.columns, onCt!.rows, onCt!.frames.length]).toEqual([31, 25, 12]);
    const [onPet] = (await fused(inputs, { grid: "PT" })).views;
    expect([onPet!.columns, onPet!.rows, onPet!.frames.length]).toEqual([6, 6, 7]);
    const { views, remarks } = await fused(inputs, { imagesMax: 5 });
    expect(views[0]!.frames.length).toBeLessThanOrEqual(5);
    expect(remarks.join("\n")).toContain("at most 5 images");
  });

  test("the coronal MIP holds the largest values of both, wherever they lie in depth", async () => {
    const hot = ([x, y, z]: Vec3) => (x === 2 && y === 10 && z === 16 ? 10 : 0);
    const bone = ([x, y, z]: Vec3) => (x === -10 && y === -12 && z === 15 ? 800 : -1000);
    const inputs = [
      inputOf(realVolume(petGrid, hot), petPlan()),
      inputOf(realVolume(ctGrid, bone), ctPlan()),
    ];
    const { views, remarks } = await fused(inputs, { views: ["coronal-mip"], alpha: 0.5 });
    const [mip] = views;
    expect(mip!.frames).toHaveLength(1);
    // One pixel a millimetre from x = -15; rows from the head, z = 33, downwards.
    const at = (x: number, z: number) => pixel(mip!, 0, x + 15, 33 - z);
    // 800 HU in a window from -400 to 1200: three quarters of white, of which half count.
    expect(at(-10, 15)).toEqual([96, 96, 96]);
    const [red, green, blue] = at(2, 16);
    expect(Math.min(red!, green!)).toBeGreaterThanOrEqual(126);
    expect(blue).toBeGreaterThanOrEqual(124);
    expect(at(12, 3)).toEqual([0, 0, 0]);
    expect(remarks.join("\n")).toContain("400/1600 HU");
  });
});

describe("the scale", () => {
  test("an SUV is the same colour as its value in the images", async () => {
    // 70 kg and a quarter of 370 MBq: 1 g/ml is 1321.4 Bq/ml.
    const factor = 70_000 / (370e6 / 4);
    const pet = realVolume(petGrid, (lps) => uptake(lps) / factor);
    const inputs = [inputOf(pet, petPlan()), inputOf(realVolume(ctGrid, hu), ctPlan())];
    const bySuv = await fused(inputs, { petTop: { unit: "SUVbw", value: 8 } });
    const bySource = await fused(inputs, { petTop: { unit: "source", value: 8 / factor } });
    expect(bySuv.views[0]!.frames).toEqual(bySource.views[0]!.frames);
    expect(bySuv.views[0]!.seriesDescription).toBe("PET/CT axial, SUVbw 0-8");
    expect(bySuv.remarks.join("\n")).toContain("Hot Iron (PS3.6 B.1.1), SUVbw 0-8 g/ml, 50 %");
    expect(bySuv.remarks.join("\n")).toContain("decayed by 7200 s");
  });

  test("an SUV that the header does not give is refused, and the other way named", async () => {
    const header = { ...plainHeader, PatientWeight: undefined };
    const inputs = [
      inputOf(realVolume(petGrid, uptake), petPlan(), header),
      inputOf(realVolume(ctGrid, hu), ctPlan()),
    ];
    const refused = await app.compute(contextOf(inputs, { petTop: { unit: "SUVbw", value: 7 } }));
    expect(refused).toMatchObject({ refused: "PATIENT_WEIGHT_MISSING" });
    expect((refused as { reason: string }).reason).toContain("in the unit of the images can be asked for");
  });
});

describe("the presentation state", () => {
  const pet = inputOf(storedVolume(petGrid, uptake), petPlan());
  const ct = inputOf(storedVolume(ctGrid, hu), ctPlan());
  const lastOf = ({ outputs }: { readonly outputs: readonly DerivedOutput[] }) => outputs.at(-1);
  const overCt = {
    kind: "blending",
    underlying: {
      from: "source",
      seriesInstanceUid: "1.2.3.5",
      plane: { columns: 31, rows: 25 },
      window: { center: 40, width: 400 },
    },
    superimposedOpacity: 0.5,
  };

  test("lays the source's PET over the source's CT, each by its own line, with what the frames are made of", async () => {
    const { voxels } = pet.volume;
    if (voxels.kind !== "stored") throw new Error("no stored values");
    const superimposed = {
      from: "source",
      seriesInstanceUid: petPlan().seriesInstanceUid,
      slope: voxels.slope,
      intercept: voxels.intercept,
      plane: { columns: 6, rows: 6 },
      window: { center: 5, width: 10 },
    };
    for (const inputs of [
      [pet, ct],
      [ct, pet],
    ]) {
      const result = await fused(inputs);
      expect(result.outputs).toHaveLength(2);
      expect(lastOf(result)).toMatchObject({ ...overCt, superimposed });
    }
  });

  test("of a PET with a slope in each slice lays its values with one slope, in SUV where that is the scale", async () => {
    const factor = 70_000 / (370e6 / 4);
    const sloped = inputOf(realVolume(petGrid, uptake), petPlan());
    const result = await fused([sloped, ct], { petTop: { unit: "SUVbw", value: 0.01 } });
    const [, images] = result.outputs;
    if (images?.kind !== "images") throw new Error("no images");
    expect(images).toMatchObject({ key: "fusion-pet", realWorld: { quantity: { codeValue: "126401" } } });
    expect(images.images).toHaveLength(petGrid.slices);
    expect(images.images[0]!.values[0]! / (uptake([-10, -10, 1]) * factor)).toBeCloseTo(1, 6);
    const window = { center: 0.005, width: 0.01 };
    expect(lastOf(result)).toMatchObject({
      ...overCt,
      superimposed: { from: "output", key: images.key, window },
    });
    const plain = await fused([sloped, ct]);
    expect(plain.outputs[1]).not.toHaveProperty("realWorld");
    expect(lastOf(plain)).toMatchObject({ superimposed: { window: { center: 5, width: 10 } } });
  });

  test("is left out, and that said, where its images cannot be among the result", async () => {
    const sloped = inputOf(realVolume(petGrid, uptake), petPlan());
    for (const inputs of [
      [ct, sloped],
      [pet, inputOf(realVolume(ctGrid, hu), ctPlan())],
    ]) {
      const { outputs, remarks } = await fused(inputs);
      expect(outputs).toHaveLength(1);
      expect(remarks.at(-1)).toMatch(/^No blending presentation state: .* slice to slice/);
    }
  });
});

describe("which are fused", () => {
  const parameters = app.suggest!([]);

  test("the rule takes the one PET and the one CT of a frame of reference", () => {
    const [pet, ct] = [petPlan(), ctPlan()];
    const mr = planOf(ctGrid, { modality: "MR", frameOfReferenceUid: "1.2.9" });
    const suv = petPlan({ imageType: ["DERIVED", "SECONDARY", "SUV"] });
    expect(app.propose([ct, mr, suv, pet])).toEqual([{ plans: [pet, ct], parameters }]);
    const other = [
      petPlan({ frameOfReferenceUid: "1.2.8" }),
      ctPlan({ frameOfReferenceUid: "1.2.8" }),
    ] as const;
    expect(app.propose([ct, ...other, pet]).map(({ plans }) => plans)).toEqual([
      [other[0], other[1]],
      [pet, ct],
    ]);
  });

  test.each<[string, readonly VolumePlan[]]>([
    ["a PET alone", [petPlan()]],
    ["two PETs", [petPlan(), petPlan({ seriesInstanceUid: "1.7" }), ctPlan()]],
    ["two CTs", [petPlan(), ctPlan({ seriesInstanceUid: "1.7" }), ctPlan()]],
    [
      "no frame of reference",
      [planOf(petGrid, { modality: "PT", sopClassUid: petPlan().sopClassUid }), planOf(ctGrid)],
    ],
    ["two frames of reference", [petPlan(), ctPlan({ frameOfReferenceUid: "1.2.8" })]],
    ["a CT of a part of the PET's length", [petPlan(), ctPlan({ geometry: { ...ctGrid, slices: 8 } })]],
    ["a dynamic PET", [petPlan({ split: { time: 1 } }), ctPlan()]],
    ["a reformat", [petPlan(), ctPlan({ imageType: ["ORIGINAL", "PRIMARY", "MPR"] })]],
    ["a CT with a gap", [petPlan(), ctPlan({ regular: false })]],
  ])("the rule leaves %s alone", (_, plans) => {
    expect(app.propose(plans)).toEqual([]);
  });

  test.each<[string, readonly VolumePlan[]]>([
    ["FRAMES_OF_REFERENCE_DIFFER", [petPlan(), ctPlan({ frameOfReferenceUid: "1.2.8" })]],
    ["NOT_PET_AND_CT", [petPlan(), petPlan()]],
    ["NOT_PET_AND_CT", [petPlan(), ctPlan(), ctPlan()]],
    ["IRREGULAR_SPACING", [petPlan(), ctPlan({ regular: false })]],
    ["NO_OVERLAP", [petPlan(), ctPlan({ geometry: { ...ctGrid, originLps: [-15, -12, 900] } })]],
  ])("a person hears %s", async (code, plans) => {
    expect(app.refuses!(plans, parameters)).toMatchObject({ refused: code });
    const inputs = plans.map((plan) =>
      inputOf(
        realVolume(plan.geometry, () => 1),
        plan,
      ),
    );
    expect(await app.compute(contextOf(inputs))).toMatchObject({ refused: code });
  });

  test("of nothing but padding there is no picture", async () => {
    const empty = { ...realVolume(petGrid, () => 1), padding: { low: 1, high: 1 } };
    const inputs = [inputOf(empty, petPlan()), inputOf(realVolume(ctGrid, hu), ctPlan())];
    expect(await app.compute(contextOf(inputs))).toMatchObject({ refused: "NOTHING_MEASURED" });
  });
});

const sarcoma = sharedData("petct-mr-sts");

test.skipIf(!sarcoma)(
  "a PET and a CT of one frame of reference, on grids of their own, as they lie",
  async () => {
    const [pet] = await folderInputs(join(sarcoma!, "PET/image"));
    const [ct] = await folderInputs(join(sarcoma!, "CT/image"));
    const parameters = { ...app.suggest!([]), imagesMax: 6, petTop: { unit: "SUVbw", value: 5 } } as const;
    const { views, remarks } = await fused([pet!, ct!], parameters);
    expect(views.map(({ frames }) => frames.length)).toEqual([expect.any(Number), expect.any(Number), 1]);
    const look = { ctCenter: 40, ctWidth: 400, petTop: 5, alpha: 0.5 };
    const { planes } = stackPlanes(ct!.volume.geometry, "axial", 6);
    const reference = fusionReference(ct!.volume, pet!.volume, planes[3]!, look);
    const apart = reference.map((value, at) => Math.abs(value - views[0]!.frames[3]![at]!));
    expect(apart.filter((difference) => difference > 0.51).length / apart.length).toBeLessThan(1e-3);
    expect(Math.max(...apart)).toBeLessThanOrEqual(2.5);
    expect(remarks.join("\n")).toContain("SUVbw already (Units GML)");
  },
);
