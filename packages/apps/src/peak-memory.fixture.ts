/**
 * A process of its own that computes one application on a volume of some million voxels and prints the memory that it took at its
 * peak, and what a job would say that it needs: `node peak-memory.fixture.ts lung`.
 */
import type { Json } from "@releve/domain/canonical-json";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import { openGpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { app as adc } from "./adc/app.ts";
import { defaultAdcParameters } from "./adc/parameters.ts";
import type { ApplicationResult, ComputeContext, ComputeInput } from "./application.ts";
import { app as calcium } from "./calcium/app.ts";
import { app as fusion } from "./fusion/app.ts";
import { noAttributes, planOf } from "./known-volume.fixture.ts";
import { app as lung } from "./lung/app.ts";
import { chestPhantom } from "./lung/chest-phantom.fixture.ts";
import { needBytesOf, type PeakBytes } from "./need-bytes.ts";
import { app as perfusion } from "./perfusion/app.ts";
import { defaultPerfusionParameters } from "./perfusion/parameters.ts";
import { arteryAt } from "./perfusion/perfusion.fixture.ts";
import { app as roi } from "./roi/app.ts";
import { app as suv } from "./suv/app.ts";
import { petHeader, plainHeader } from "./suv/pet-header.fixture.ts";

const gridOf = (columns: number, slices: number, spacingMm = 2): GridGeometry => ({
  columns,
  rows: columns,
  slices,
  originLps: [(-columns * spacingMm) / 2, (-columns * spacingMm) / 2, (-slices * spacingMm) / 2],
  columnStepLps: [spacingMm, 0, 0],
  rowStepLps: [0, spacingMm, 0],
  sliceStepLps: [0, 0, spacingMm],
});

function stored(geometry: GridGeometry, valueAt: (voxel: number) => number): Volume {
  const length = geometry.columns * geometry.rows * geometry.slices;
  const values = new Int16Array(new SharedArrayBuffer(2 * length));
  for (let voxel = 0; voxel < length; voxel++) values[voxel] = valueAt(voxel);
  return { geometry, voxels: { kind: "stored", values, slope: 1, intercept: 0 } };
}

function real(geometry: GridGeometry, valueAt: (voxel: number) => number): Volume {
  const length = geometry.columns * geometry.rows * geometry.slices;
  const values = new Float32Array(new SharedArrayBuffer(4 * length));
  for (let voxel = 0; voxel < length; voxel++) values[voxel] = valueAt(voxel);
  return { geometry, voxels: { kind: "real", values } };
}

const input = (volume: Volume, plan = planOf(volume.geometry), attributes = noAttributes): ComputeInput => ({
  volume,
  plan,
  attributes,
});
const petPlan = (grid: GridGeometry) =>
  planOf(grid, {
    modality: "PT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
    imageType: ["ORIGINAL", "PRIMARY"],
    frameOfReferenceUid: "1.2.9",
    seriesInstanceUid: "1.2.3.9",
  });
const pet = (grid: GridGeometry) =>
  input(
    real(grid, (voxel) => (voxel % 8 === 0 ? 20_000 : 100)),
    petPlan(grid),
    petHeader(plainHeader),
  );

type Case = {
  readonly app: {
    readonly compute: (context: never) => Promise<ApplicationResult | Refusal>;
    readonly peakBytes?: PeakBytes;
  };
  readonly parameters: unknown;
  /** `side` and `slices` of the largest grid. */
  readonly inputs: (side: number, slices: number) => readonly ComputeInput[];
};

/** Volumes that fill every array that the application has: half of a PET is uptake, a region is the whole volume. */
const cases: Readonly<Record<string, Case>> = {
  suv: {
    app: suv,
    parameters: {
      kind: "SUVbw",
      images: true,
      region: {
        within: { shape: "volume" },
        threshold: { mode: "fixed", suv: 4 },
        regionMlMin: 1,
        regionsMax: 20,
      },
    },
    inputs: (side, slices) => [pet(gridOf(side, slices))],
  },
  roi: {
    app: roi,
    parameters: { regions: [{ shape: "volume" }] },
    inputs: (side, slices) => [input(stored(gridOf(side, slices), (voxel) => voxel % 1000))],
  },
  lung: {
    app: lung,
    parameters: { lungBelowHu: -500 },
    inputs: (side, slices) => {
      const spacing = 400 / side;
      const grid = gridOf(side, slices, spacing);
      const high = 350 / slices;
      const { volume } = chestPhantom({
        ...grid,
        originLps: [-200, -200, -175],
        sliceStepLps: [0, 0, high],
      });
      return [input(volume)];
    },
  },
  calcium: {
    app: calcium,
    parameters: {
      labels: [{ kind: "box", vessel: "LAD", lowLps: [-1e4, -1e4, -1e4], highLps: [1e4, 1e4, 1e4] }],
    },
    inputs: (side, slices) => [
      input(stored(gridOf(side, slices, 2.5), (voxel) => (voxel % side < side / 8 ? 500 : 20))),
    ],
  },
  fusion: {
    app: fusion,
    parameters: {
      views: ["axial", "coronal", "coronal-mip"],
      grid: "CT",
      ctWindow: { center: 40, width: 400 },
      petTop: { unit: "SUVbw", value: 7 },
      alpha: 0.5,
      imagesMax: 150,
    },
    inputs: (side, slices) => {
      const grid = gridOf(side, slices);
      const ct = input(
        stored(grid, (voxel) => voxel % 200),
        planOf(grid, { frameOfReferenceUid: "1.2.9" }),
      );
      return [pet(grid), ct];
    },
  },
  adc: {
    app: adc,
    parameters: defaultAdcParameters,
    inputs: (side, slices) =>
      [0, 400, 800, 1000].map((bValue) => {
        const grid = gridOf(side, Math.ceil(slices / 4));
        const plan = planOf(grid, { modality: "MR", split: { bValue } });
        return input(
          stored(grid, () => 1000 * Math.exp(-bValue * 1e-3)),
          plan,
        );
      }),
  },
  perfusion: {
    app: perfusion,
    parameters: { ...defaultPerfusionParameters, aif: { kind: "voxels", voxels: [[0, 0, 0]] } },
    inputs: (side, slices) =>
      Array.from({ length: 40 }, (_, seconds) => {
        const grid = gridOf(side, Math.ceil(slices / 32));
        const artery = arteryAt(seconds);
        const plan = planOf(grid, { timeSeconds: seconds });
        return input(
          stored(grid, (voxel) => (voxel === 0 ? 40 + artery : 30 + 0.05 * artery)),
          plan,
        );
      }),
  },
};

const { app, parameters, inputs } = cases[process.argv[2] ?? ""]!;
const [side, slices] = [Number(process.argv[3] ?? 192), Number(process.argv[4] ?? 128)];
const runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });

async function compute(given: readonly ComputeInput[]): Promise<void> {
  const signal = new AbortController().signal;
  const context = { inputs: given, parameters, runner, signal, onProgress: () => undefined };
  const result = await app.compute(context as unknown as ComputeContext<unknown> as never);
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
}

const residentBytes = () => process.memoryUsage().rss;
await compute(inputs(48, 48));
const before = residentBytes();
const given = inputs(side, slices);
const voxels = given.reduce((sum, { volume }) => sum + volume.voxels.values.length, 0);
await compute(given);
const peakBytes = process.resourceUsage().maxRSS * 1024 - before;
await runner.close();
const plans = given.map(({ plan }) => plan);
const needBytes = needBytesOf(app, plans, parameters as Json, 0);
process.stdout.write(`${JSON.stringify({ voxels, peakBytes, needBytes })}\n`);
