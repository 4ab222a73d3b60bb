/** Volumes in memory whose values are known in closed form, and the plans that go with them. */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import type { Vec3 } from "@releve/domain/vec3";
import type { VolumePlan } from "@releve/domain/series-split";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { ApplicationResult, ComputeContext, ComputeInput } from "./application.ts";

/** 0.7 x 0.9 mm pixels, 2.5 mm between slices. */
export const axialGrid: GridGeometry = {
  columns: 24,
  rows: 20,
  slices: 12,
  originLps: [-31, 12, 45],
  columnStepLps: [0.7, 0, 0],
  rowStepLps: [0, 0.9, 0],
  sliceStepLps: [0, 0, 2.5],
};

const degrees = (angle: number) => (angle * Math.PI) / 180;

export const grids: Readonly<Record<string, GridGeometry>> = {
  axial: axialGrid,
  "axial, from head to feet": { ...axialGrid, sliceStepLps: [0, 0, -2.5] },
  sagittal: {
    ...axialGrid,
    columnStepLps: [0, 0.7, 0],
    rowStepLps: [0, 0, -0.9],
    sliceStepLps: [-2.5, 0, 0],
  },
  coronal: { ...axialGrid, rowStepLps: [0, 0, -0.9], sliceStepLps: [0, 2.5, 0] },
  oblique: {
    ...axialGrid,
    columnStepLps: [0.7 * Math.cos(degrees(30)), 0.7 * Math.sin(degrees(30)), 0],
    rowStepLps: [0, 0, -0.9],
    sliceStepLps: [-2.5 * Math.sin(degrees(30)), 2.5 * Math.cos(degrees(30)), 0],
  },
  "a tilted gantry": {
    ...axialGrid,
    rowStepLps: [0, 0.9 * Math.cos(degrees(18)), 0.9 * Math.sin(degrees(18))],
  },
};

/** Linear in patient space, so that trilinear interpolation anywhere inside gives the same formula. */
export const ramp = ([x, y, z]: Vec3): number => 0.5 * x + 0.25 * y - 0.75 * z + 100;

/** Stored with slope 0.05: each voxel is off by at most 0.025. */
export function storedVolume(grid: GridGeometry, valueAt: (lps: Vec3) => number): Volume {
  const slope = 0.05;
  const intercept = -50;
  const voxels = eachVoxel(grid, (lps) => Math.round((valueAt(lps) - intercept) / slope));
  return { geometry: grid, voxels: { kind: "stored", values: Int16Array.from(voxels), slope, intercept } };
}

export function realVolume(grid: GridGeometry, valueAt: (lps: Vec3) => number): Volume {
  return {
    geometry: grid,
    voxels: { kind: "real", values: Float32Array.from(eachVoxel(grid, valueAt)) },
  };
}

function eachVoxel(grid: GridGeometry, valueAt: (lps: Vec3) => number): number[] {
  const inSlice = grid.columns * grid.rows;
  return Array.from({ length: inSlice * grid.slices }, (_, index) =>
    valueAt(
      voxelToLps(
        grid,
        index % grid.columns,
        Math.floor((index % inSlice) / grid.columns),
        Math.floor(index / inSlice),
      ),
    ),
  );
}

export function planOf(geometry: GridGeometry, changes: Partial<VolumePlan> = {}): VolumePlan {
  return {
    studyInstanceUid: "1.2.3",
    seriesInstanceUid: "1.2.3.4",
    modality: "CT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    split: {},
    imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    geometry,
    regular: true,
    slices: [],
    findings: [],
    ...changes,
  };
}

/** Of an object that says nothing. */
export const noAttributes: Attributes = {
  has: () => false,
  string: () => undefined,
  strings: () => [],
  number: () => undefined,
  numbers: () => [],
  bytes: () => undefined,
  items: () => [],
  privateNumbers: () => [],
  privateStrings: () => [],
  privateBytes: () => undefined,
};

export function contextOf<P>(
  volume: Volume,
  parameters: P,
  runner: KernelRunner,
  { plan, attributes, ...changes }: Partial<ComputeContext<P> & Omit<ComputeInput, "volume">> = {},
): ComputeContext<P> {
  const input = { volume, plan: plan ?? planOf(volume.geometry), attributes: attributes ?? noAttributes };
  return {
    inputs: [input],
    parameters,
    runner,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** With the image series among the outputs as `series`. @throws Error for a refusal, with its code. */
export function accepted(
  result: ApplicationResult | Refusal,
): ApplicationResult & { readonly series: readonly DerivedSeries[] } {
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  return { ...result, series: result.outputs.filter((output) => output.kind === "images") };
}
