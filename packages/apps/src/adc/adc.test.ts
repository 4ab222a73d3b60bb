import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { realValues } from "../real-values.ts";
import { app } from "./app.ts";
import { bLevels } from "./b-levels.ts";
import { diffusionInput, diffusionPlan, type Weighting } from "./diffusion.fixture.ts";
import { defaultAdcParameters, type AdcParameters } from "./parameters.ts";
import { adcReference } from "./reference.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

function contextOf(inputs: readonly ComputeInput[], changes: Partial<AdcParameters> = {}) {
  return {
    inputs,
    parameters: { ...defaultAdcParameters, backgroundFraction: 0, ...changes },
    runner,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  } as unknown as ComputeContext<AdcParameters>;
}

async function compute(inputs: readonly ComputeInput[], changes: Partial<AdcParameters> = {}) {
  const result = await app.compute(contextOf(inputs, changes));
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  const valuesOf = (key: string) => {
    const output = result.outputs.find((each) => each.key === key);
    if (output?.kind !== "images" && output?.kind !== "parametric-map") return undefined;
    return Float32Array.from(output.images.flatMap(({ values }) => [...values]));
  };
  return { ...result, adc: valuesOf("adc")!, trace: valuesOf("trace") };
}

/** From 0.1 to 3.9e-3 mm2/s, different in every voxel. */
const adcAt = (voxel: number) => 1e-4 + voxel * 2e-5;
const decaying =
  ([bValue]: Weighting) =>
  (voxel: number) =>
    (900 + voxel) * Math.exp(-bValue * adcAt(voxel));

test.each<[string, readonly number[], Partial<AdcParameters>]>([
  ["two b-values", [0, 1000], {}],
  ["five b-values", [0, 50, 200, 500, 900], {}],
  ["five, weighted", [0, 50, 200, 500, 900], { weighting: "signal" }],
  ["from b = 150 on", [0, 150, 400, 800], { bValueMin: 100 }],
])("a pure exponential is found within 0.1 %%: %s", async (_, bValues, parameters) => {
  const inputs = bValues.map((bValue) => diffusionInput([bValue], decaying([bValue])));
  const { adc, engine } = await compute(inputs, parameters);
  const errors = [...adc].map((value, voxel) => Math.abs(value / (adcAt(voxel) * 1e6) - 1));
  expect(Math.max(...errors)).toBeLessThan(1e-3);
  expect(engine).toContain("webasm");
});

const noisy = (seed: number) => (voxel: number) => 200 + 150 * Math.sin(91.7 * voxel + 13.1 * seed);
const directions: readonly Weighting[] = [
  [0],
  [0],
  [600, [1, 0, 0]],
  [600, [0, 1, 0]],
  [600, [0, 0, 1]],
  [1200, [0.6, 0.8, 0]],
];

test.each(["none", "signal"] as const)(
  "noise agrees with the float64 reference, weighting %s",
  async (weighting) => {
    const inputs = directions.map((each, index) => diffusionInput(each, noisy(index)));
    const { adc } = await compute(inputs, { weighting });
    const levels = bLevels(
      inputs.map(({ plan }) => plan),
      0,
    );
    for (const [voxel, value] of adc.entries()) {
      const signals = directions.map((_, index) => Math.fround(noisy(index)(voxel)));
      expect(value).toBeCloseTo(adcReference(signals, levels, weighting).um2PerS, 1);
    }
  },
);

test("the trace is the geometric mean over the directions, whatever the order of the volumes", async () => {
  const axes: readonly Weighting[] = [[800, [1, 0, 0]], [0], [800, [0, 1, 0]], [800, [0, 0, 1]]];
  const tensor = [3e-3, 0, 0.3e-3, 0.6e-3];
  const inputs = axes.map((each, index) =>
    diffusionInput(each, () => 1000 * Math.exp(-each[0] * tensor[index]!)),
  );
  const { adc, trace, outputs, remarks } = await compute(inputs);
  expect(adc[5]).toBeCloseTo(1300, 1);
  expect(trace![5]).toBeCloseTo(1000 * Math.exp(-800 * 1.3e-3), 2);
  expect(outputs.map(({ key }) => key)).toEqual(["adc", "adc-images", "trace"]);
  expect(remarks.join()).not.toContain("evenly spread");
});

test("directions that favour one axis are said to be no trace", async () => {
  const axes: readonly Weighting[] = [[0], [800, [1, 0, 0]], [800, [0.8, 0.6, 0]]];
  const { remarks } = await compute(axes.map((each) => diffusionInput(each, decaying(each))));
  expect(remarks.join()).toContain("2 directions at b = 800 s/mm2 are not evenly spread");
});

test("a voxel without signal, or of the background, holds no value", async () => {
  const low = (voxel: number) => (voxel === 3 ? 0 : voxel === 4 ? Number.NaN : voxel === 5 ? 40 : 1000);
  const inputs = [diffusionInput([0], low), diffusionInput([1000], () => 300)];
  const missing = (adc: Float32Array) =>
    [...adc.entries()].filter(([, v]) => Number.isNaN(v)).map(([at]) => at);
  expect(missing((await compute(inputs)).adc)).toEqual([3, 4]);
  expect(missing((await compute(inputs, { backgroundFraction: 0.05 })).adc)).toEqual([3, 4, 5]);
});

test("the map says what it holds", async () => {
  const { outputs } = await compute([diffusionInput([0], () => 100), diffusionInput([1000], () => 40)], {
    classicImages: false,
  });
  expect(outputs).toMatchObject([
    {
      kind: "parametric-map",
      quantity: { codeValue: "113041", codingSchemeDesignator: "DCM" },
      unit: { codeValue: "um2/s", codingSchemeDesignator: "UCUM" },
      method: { codeValue: "113250" },
    },
  ]);
});

test.each<[string, readonly ReturnType<typeof diffusionPlan>[], number, string]>([
  ["CT", [diffusionPlan([0], { modality: "CT" }), diffusionPlan([1000])], 0, "MODALITY_NOT_SUPPORTED"],
  [
    "an ADC map",
    [diffusionPlan([0]), diffusionPlan([1000], { imageType: ["DERIVED", "PRIMARY", "ADC"] })],
    0,
    "ALREADY_COMPUTED",
  ],
  ["no b-value", [diffusionPlan([0]), { ...diffusionPlan([0]), split: {} }], 0, "NO_B_VALUE"],
  [
    "another frame of reference",
    [diffusionPlan([0]), diffusionPlan([1000], { frameOfReferenceUid: "1.9" })],
    0,
    "GEOMETRY_MISMATCH",
  ],
  ["one b-value", [diffusionPlan([1000]), diffusionPlan([1000])], 0, "B_VALUES_TOO_FEW"],
  ["one b-value above the threshold", [diffusionPlan([0]), diffusionPlan([1000])], 200, "B_VALUES_TOO_FEW"],
])("refused: %s", (_, plans, bValueMin, code) => {
  expect(app.refuses!(plans, { ...defaultAdcParameters, bValueMin })).toMatchObject({ refused: code });
});

const dro = sharedData("synthetic-truth/adc-dro");

test.skipIf(!dro)("the known object's ADC within 0.1 %", async () => {
  const truth = JSON.parse(readFileSync(join(dro!, "truth.json"), "utf8")) as {
    adc_mm2_per_s_grid_32px_blocks: number[][];
  };
  const inputs = await folderInputs(dro!);
  const proposals = app.propose(inputs.map(({ plan }) => plan));
  expect(proposals).toMatchObject([{ plans: [{}, {}, {}], parameters: defaultAdcParameters }]);
  const { adc } = await compute(inputs, defaultAdcParameters);
  const relative = [...adc].map((value, voxel) => {
    const [column, row] = [voxel % 128, Math.floor(voxel / 128) % 96];
    const mm2PerS = truth.adc_mm2_per_s_grid_32px_blocks[Math.floor(row / 32)]![Math.floor(column / 32)]!;
    return { mm2PerS, error: Math.abs(value / (mm2PerS * 1e6) - 1) };
  });
  expect(relative).toHaveLength(96 * 128 * 4);
  expect(Math.max(...relative.map(({ error }) => error))).toBeLessThan(1e-3);
});

const philips = sharedData("dwi-philips-b0-b2000");

test.skipIf(!philips)("a real series agrees with ln(S0 / geometric mean) / b within 0.1 %", async () => {
  const inputs = await folderInputs(philips!);
  expect(app.propose(inputs.map(({ plan }) => plan))).toHaveLength(1);
  const { adc, remarks } = await compute(inputs);
  const [low, ...high] = inputs.map(({ volume }) => realValues(volume));
  const expected = [...adc].map((_, voxel) => {
    const logs = high.map((values) => Math.log(values[voxel]!));
    const um2PerS = ((Math.log(low![voxel]!) - (logs[0]! + logs[1]! + logs[2]!) / 3) / 2000) * 1e6;
    return Number.isFinite(um2PerS) ? um2PerS : Number.NaN;
  });
  const isNear = (value: number, want: number) =>
    Number.isNaN(want) ? Number.isNaN(value) : Math.abs(value - want) <= 1e-3 * Math.abs(want) + 0.002;
  expect([...adc.entries()].filter(([voxel, value]) => !isNear(value, expected[voxel]!))).toEqual([]);
  expect(expected.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(100_000);
  expect(remarks.join()).toContain("3 directions at b = 2000 s/mm2 are not evenly spread");
});

const siemens = sharedData("dwi-siemens-mosaic");

test.skipIf(!siemens)("b-values of private tags, in mosaics, are enough", async () => {
  const inputs = await folderInputs(siemens!);
  const [proposal] = app.propose(inputs.map(({ plan }) => plan));
  expect(proposal!.plans.map(({ split }) => split["bValue"])).toEqual([0, 1000]);
  const { adc } = await compute(inputs, defaultAdcParameters);
  const brain = adc.filter((value) => !Number.isNaN(value)).toSorted();
  // Of tissue at body temperature; free water is near 3,000.
  expect(brain[Math.floor(brain.length / 2)]).toBeGreaterThan(500);
  expect(brain[Math.floor(brain.length / 2)]).toBeLessThan(1500);
});
