/** How a session opens: the patient's three planes through the middle of the volume, all of it in the picture. */
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry } from "@releve/domain/volume";
import {
  fieldLimitsMm,
  type Camera,
  type DisplayWindow,
  type Viewport,
  type ViewState,
} from "./view-state.ts";

type Directions = Pick<Camera, "rightLps" | "downLps">;

/** As radiologists read: axial from the feet, coronal from the front, sagittal from the patient's left. */
const directions: Readonly<Record<Viewport, Directions>> = {
  axial: { rightLps: [1, 0, 0], downLps: [0, 1, 0] },
  coronal: { rightLps: [1, 0, 0], downLps: [0, 0, -1] },
  sagittal: { rightLps: [0, 1, 0], downLps: [0, 0, -1] },
  volume: { rightLps: [1, 0, 0], downLps: [0, 0, -1] },
};

export function initialView(geometry: GridGeometry, window: DisplayWindow): ViewState {
  const centreLps = voxelToLps(
    geometry,
    (geometry.columns - 1) / 2,
    (geometry.rows - 1) / 2,
    (geometry.slices - 1) / 2,
  );
  const { low, high } = boundsOf(geometry);
  const camera = (viewport: Viewport): Camera => ({
    ...directions[viewport],
    centreLps,
    fieldMm: fieldOf(directions[viewport], low, high),
  });
  return {
    crosshairLps: centreLps,
    cameras: {
      axial: camera("axial"),
      coronal: camera("coronal"),
      sagittal: camera("sagittal"),
      volume: camera("volume"),
    },
    window,
    slab: { mode: "max", thicknessMm: 0 },
    volumeMode: "mip",
    annotations: [],
    undo: [],
    inputs: 0,
    applied: [],
  };
}

/** The box of the patient's axes around all voxel centres. */
export function boundsOf(geometry: GridGeometry): { readonly low: Vec3; readonly high: Vec3 } {
  const corners = [0, geometry.columns - 1].flatMap((column) =>
    [0, geometry.rows - 1].flatMap((row) =>
      [0, geometry.slices - 1].map((slice) => voxelToLps(geometry, column, row, slice)),
    ),
  );
  const along = (axis: 0 | 1 | 2) => corners.map((corner) => corner[axis]);
  return {
    low: [Math.min(...along(0)), Math.min(...along(1)), Math.min(...along(2))],
    high: [Math.max(...along(0)), Math.max(...along(1)), Math.max(...along(2))],
  };
}

/** Both sides of the box in the picture, with a small margin. */
function fieldOf({ rightLps, downLps }: Directions, low: Vec3, high: Vec3): number {
  const across = (direction: Vec3) =>
    direction.reduce((sum, part, axis) => sum + Math.abs(part) * (high[axis]! - low[axis]!), 0);
  const wanted = 1.05 * Math.max(across(rightLps), across(downLps));
  return Math.min(fieldLimitsMm.most, Math.max(fieldLimitsMm.least, wanted));
}
