/** Diffusion volumes in memory that decay as a formula says. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { GridGeometry } from "@releve/domain/volume";
import type { ComputeInput } from "../application.ts";
import { noAttributes, planOf } from "../known-volume.fixture.ts";

export const smallGrid: GridGeometry = {
  columns: 9,
  rows: 7,
  slices: 3,
  originLps: [0, 0, 0],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 4],
};

/** b-value and, where the volume has one, its direction. */
export type Weighting = readonly [bValue: number, direction?: readonly [number, number, number]];

export function diffusionPlan(
  [bValue, direction]: Weighting,
  { split, ...changes }: Partial<VolumePlan> = {},
): VolumePlan {
  const gradient = direction && {
    gradient: direction.map((part) => part.toFixed(5)).join("\\"),
    direction: 1,
  };
  return planOf(smallGrid, {
    modality: "MR",
    imageType: ["ORIGINAL", "PRIMARY", "DIFFUSION", "NONE"],
    split: { bValue, ...gradient, ...split },
    ...changes,
  });
}

/** @param signalAt of a voxel's index, not rounded. */
export function diffusionInput(weighting: Weighting, signalAt: (voxel: number) => number): ComputeInput {
  const plan = diffusionPlan(weighting);
  const { columns, rows, slices } = plan.geometry;
  const values = Float32Array.from({ length: columns * rows * slices }, (_, voxel) => signalAt(voxel));
  return {
    plan,
    volume: { geometry: plan.geometry, voxels: { kind: "real", values } },
    attributes: noAttributes,
  };
}
