/** A view and a look of a volume become rays in voxel indices, and tables in stored values: in float64, without pixels. */
import { cross, dot, length, scale, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import type { RenderLook, RenderView } from "./kernel-runner.ts";
import { rayTask } from "./ray-task.ts";
import { gradientFloorPerMm, requireLook } from "./rendering-rules.ts";
import { smallestStep } from "./sampling-rules.ts";

/** The tables' sizes are compiled into the kernel. No look that a person made comes near them. */
export const lookPointsMax = 64;
export const clipPlanesMax = 16;

export type RenderTask = {
  readonly columns: number;
  readonly rows: number;
  /** Voxel indices: see `RayTask`. */
  readonly origin: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly along: Vec3;
  readonly steps: number;
  /** Per plane: mm beyond it where the first ray begins, and what a pixel to the right, one down and one step add. */
  readonly clip: readonly (readonly [number, number, number, number])[];
  /** The kernel's `look` and `light`. */
  readonly look: readonly (readonly number[])[];
  readonly light: readonly number[];
};

/** @throws RangeError for what `rayTask` and `requireLook` refuse, and for more points or planes than the tables hold. */
export function renderTask(volume: Volume, view: RenderView, look: RenderLook): RenderTask {
  requireLook(look);
  if (look.points.length > lookPointsMax || look.clip.length > clipPlanesMax)
    throw new RangeError(`a look has at most ${lookPointsMax} points and ${clipPlanesMax} planes`);
  const rays = rayTask(volume, view, "max");
  const half = (view.steps - 1) / 2;
  const { along, slope, intercept } = rays;
  const begin = (axis: 0 | 1 | 2) => rays.origin[axis] + half * along[axis];
  return {
    columns: rays.columns,
    rows: rays.rows,
    origin: [begin(0), begin(1), begin(2)],
    right: rays.right,
    down: rays.down,
    along,
    steps: rays.steps,
    clip: look.clip.map((plane) => clipRow(view, plane)),
    look: lookRows(look, slope, intercept),
    light: lightRow(volume.geometry, view, look, along, slope),
  };
}

function clipRow(
  { plane, stepLps }: RenderView,
  { normalLps, offsetMm }: RenderLook["clip"][number],
): [number, number, number, number] {
  // Along the plane: the kernel divides by this, and a ray within the plane is to be kept.
  const perStep = dot(normalLps, stepLps);
  return [
    dot(normalLps, plane.originLps) - offsetMm,
    dot(normalLps, plane.columnStepLps),
    dot(normalLps, plane.rowStepLps),
    Math.abs(perStep) < smallestStep ? -smallestStep : perStep,
  ];
}

/** Rising stored values, two rows at least. A negative slope turns the order round. */
function lookRows({ points }: RenderLook, slope: number, intercept: number): number[][] {
  const rows = points.map(({ value, rgb, opacityPerMm }) => [
    (value - intercept) / slope,
    ...rgb,
    opacityPerMm,
  ]);
  if (slope < 0) rows.reverse();
  const [only] = rows;
  return rows.length > 1 ? rows : [only!, [only![0]! + 1, ...only!.slice(1)]];
}

function lightRow(
  grid: GridGeometry,
  view: RenderView,
  look: RenderLook,
  along: Vec3,
  slope: number,
): number[] {
  const { columnStepLps: u, rowStepLps: v, sliceStepLps: w } = grid;
  const determinant = dot(u, cross(v, w));
  const [a, b, c] = [cross(v, w), cross(w, u), cross(u, v)].map((axis) => scale(axis, 1 / determinant)) as [
    Vec3,
    Vec3,
    Vec3,
  ];
  const stepMm = length(view.stepLps);
  return [
    stepMm,
    gradientFloorPerMm(look) / Math.abs(slope),
    look.ambient,
    look.diffuse,
    look.specular,
    look.shininess,
    ...look.backgroundRgb,
    dot(a, a),
    dot(b, b),
    dot(c, c),
    2 * dot(a, b),
    2 * dot(a, c),
    2 * dot(b, c),
    ...scale(along, 1 / stepMm),
  ];
}
