/** A small brain of known flow, volume and delay, as CT and as MR, in equal and in unequal steps. */
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { noAttributes, planOf } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { defaultPerfusionParameters, type PerfusionParameters } from "./parameters.ts";
import { arteryAt, tissueCurve } from "./perfusion.fixture.ts";

const grid = {
  columns: 16,
  rows: 12,
  slices: 2,
  originLps: [0, 0, 0],
  columnStepLps: [4, 0, 0],
  rowStepLps: [0, 4, 0],
  sliceStepLps: [0, 0, 8],
} as const;

/** Halves: healthy on the left, late with little flow on the right; the artery in one corner. */
const tissues = {
  healthy: { cbf: 60, mttSeconds: 4, delaySeconds: 0 },
  late: { cbf: 12, mttSeconds: 10, delaySeconds: 8 },
};

type Kind = "artery" | keyof typeof tissues;
const kindOf = (voxel: number): Kind => {
  const [column, row] = [voxel % 16, Math.floor(voxel / 16) % 12];
  return column < 2 && row < 2 ? "artery" : column < 8 ? "healthy" : "late";
};

const even = Array.from({ length: 60 }, (_, index) => index);
/** Every second after the passage only every 2.5 s. */
const uneven = even.map((time) => (time < 35 ? time : 35 + (time - 35) * 2.5));

function inputsOf(modality: string, timesSeconds: readonly number[]): readonly ComputeInput[] {
  const curves: Record<Kind, readonly number[]> = {
    artery: timesSeconds.map(arteryAt),
    healthy: tissueCurve(timesSeconds, tissues.healthy),
    late: tissueCurve(timesSeconds, tissues.late),
  };
  return timesSeconds.map((timeSeconds, index) => {
    const values = Float32Array.from({ length: 16 * 12 * 2 }, (_, voxel) => {
      const value = curves[kindOf(voxel)][index]!;
      return modality === "CT" ? 35 + value : 800 * Math.exp(-value / 100);
    });
    const plan = planOf(grid, { modality, timeSeconds, split: { temporalPosition: index + 1 } });
    return { plan, volume: { geometry: grid, voxels: { kind: "real", values } }, attributes: noAttributes };
  });
}

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const parametersOf = (changes: Partial<PerfusionParameters>): PerfusionParameters => ({
  ...defaultPerfusionParameters,
  haematocritFactor: 1,
  densityGPerMl: 1,
  ...changes,
});

async function run(inputs: readonly ComputeInput[], changes: Partial<PerfusionParameters> = {}) {
  const context = {
    inputs,
    parameters: parametersOf(changes),
    runner,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  return app.compute(context as unknown as ComputeContext<PerfusionParameters>);
}

async function computed(inputs: readonly ComputeInput[], changes: Partial<PerfusionParameters> = {}) {
  const result = await run(inputs, changes);
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  const valueAt = (key: string, column: number) => {
    const output = result.outputs.find((each) => each.key === key)!;
    if (output.kind !== "parametric-map") throw new Error(`${key} has no images`);
    return output.images[1]!.values[6 * 16 + column]!;
  };
  return { ...result, valueAt };
}

test.each([
  ["CT", even],
  ["MR", even],
  ["CT", uneven],
])("%s: flow, volume, transit and delay", async (modality, times) => {
  const { valueAt, remarks } = await computed(inputsOf(modality, times));
  for (const [{ cbf, mttSeconds, delaySeconds }, column] of [
    [tissues.healthy, 4],
    [tissues.late, 12],
  ] as const) {
    expect(valueAt("cbv", column) / ((cbf * mttSeconds) / 60)).toBeCloseTo(1, 1);
    expect(Math.abs(valueAt("cbf", column) / cbf - 1)).toBeLessThan(0.2);
    expect(Math.abs(valueAt("mtt", column) - mttSeconds)).toBeLessThan(1);
    expect(Math.abs(valueAt("tmax", column) - delaySeconds)).toBeLessThan(1);
  }
  expect(remarks.join().includes("unequally spaced")).toBe(times === uneven);
});

test("what is handed over: four maps in their units, regions, and volumes that refer to them", async () => {
  const { outputs } = await computed(inputsOf("CT", even));
  const maps = outputs.filter((output) => output.kind === "parametric-map");
  expect(maps.map(({ quantity, unit }) => [quantity.codeValue, unit.codeValue])).toEqual([
    ["126390", "ml/[100]g/min"],
    ["126391", "ml/[100]g"],
    ["113052", "s"],
    ["113084", "s"],
  ]);
  const segmentation = outputs.find((output) => output.kind === "segmentation")!;
  expect(segmentation.segments.map(({ label }) => label)).toEqual(["Core", "Arterial input function"]);
  const lateMl = 8 * 12 * 2 * 0.128;
  const { groups } = outputs.find((output) => output.kind === "measurements")!;
  expect(groups).toMatchObject([
    { segment: { key: segmentation.key, number: 1 }, measurements: [{ value: expect.closeTo(lateMl, 6) }] },
    { measurements: [{ value: 0 }] },
    { measurements: [{ value: expect.closeTo(lateMl, 6) }, { value: 1 }] },
    { label: "Arterial input function" },
  ]);
  const artery = groups[3]!.measurements;
  expect(artery.slice(0, 3).map(({ at }) => at?.value)).toEqual(
    [0, 1, 2].map((step) => step * artery[1]!.at!.value),
  );
  expect(artery[0]!.value).toBeCloseTo(0, 3);
  expect(Math.max(...artery.map(({ value }) => value))).toBeGreaterThan(100);
});

test("haematocrit factor and density scale flow and volume alike, and no time", async () => {
  const inputs = inputsOf("CT", even);
  const [plain, scaled] = [
    await computed(inputs),
    await computed(inputs, { haematocritFactor: 0.733, densityGPerMl: 1.04 }),
  ];
  for (const key of ["cbf", "cbv"])
    expect(scaled.valueAt(key, 4) / plain.valueAt(key, 4)).toBeCloseTo(0.733 / 1.04, 5);
  for (const key of ["mtt", "tmax"]) expect(scaled.valueAt(key, 4)).toBe(plain.valueAt(key, 4));
});

test("the artery that a person marks is the one that is used", async () => {
  const inputs = inputsOf("CT", even);
  const marked = await computed(inputs, { aif: { kind: "voxels", voxels: [[1, 1, 0]] } });
  expect(marked.valueAt("cbf", 4)).toBeCloseTo((await computed(inputs)).valueAt("cbf", 4), 3);
  expect(marked.remarks.join()).toContain(
    "mean of 1 voxels, as marked: column, row, slice from 0 (1, 1, 0);",
  );
  // Of tissue instead: its curve is wider and lower, so that flow seems high and transit short.
  const wrong = await computed(inputs, { aif: { kind: "voxels", voxels: [[5, 5, 0]] } });
  expect(wrong.valueAt("cbv", 4)).toBeCloseTo(100, 3);
});

test("without its correction the truncation hides flow and delays it", async () => {
  const { valueAt } = await computed(inputsOf("CT", even), { truncationCorrection: false });
  expect(valueAt("cbf", 4) / 60).toBeLessThan(0.85);
  expect(valueAt("tmax", 4)).toBeGreaterThan(1);
});

test("the voxels of the artery that was found are named, and mark the same artery", async () => {
  const inputs = inputsOf("CT", even);
  const found = await computed(inputs);
  const said = found.remarks.find((remark) => remark.startsWith("Artery"))!;
  const voxels = [...said.matchAll(/\((\d+), (\d+), (\d+)\)/g)].map(([, ...place]) => place.map(Number));
  expect(voxels).toHaveLength(8);
  const marked = await computed(inputs, {
    aif: { kind: "voxels", voxels: voxels as [number, number, number][] },
  });
  expect(marked.valueAt("cbf", 4)).toBe(found.valueAt("cbf", 4));
  expect(found.remarks.join(" ")).toContain("Not corrected: leakage of contrast agent");
});

test("smoothing is named, and mixes what lies side by side", async () => {
  const inputs = inputsOf("CT", even);
  const [sharp, smooth] = [await computed(inputs), await computed(inputs, { smoothingMm: 12 })];
  expect(smooth.remarks[0]).toContain("smoothed by 12 mm in the slice");
  expect(smooth.valueAt("cbf", 7)).toBeLessThan(0.9 * sharp.valueAt("cbf", 7));
  expect(smooth.valueAt("cbf", 4) / sharp.valueAt("cbf", 4)).toBeCloseTo(1, 1);
});

test("a fixed truncation is the same for every voxel, and is said", async () => {
  const { remarks, valueAt } = await computed(inputsOf("CT", even), {
    truncation: { kind: "fixed", fraction: 0.1 },
  });
  expect(remarks[0]).toContain("singular values below 10 % left out");
  expect(Math.abs(valueAt("cbf", 4) / 60 - 1)).toBeLessThan(0.2);
});

test.each<[string, Partial<PerfusionParameters>, string]>([
  ["an artery outside of the grid", { aif: { kind: "voxels", voxels: [[16, 0, 0]] } }, "VOXEL_OUTSIDE"],
  ["the passage skipped", { skippedFrames: 20 }, "NO_BASELINE"],
])("refused: %s", async (_, changes, code) => {
  expect(await run(inputsOf("CT", even), changes)).toMatchObject({ refused: code });
});
