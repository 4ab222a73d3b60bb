/** A view and a look become the engine's calls: geometry in voxel indices, in float64 and without pixels. */
import { add, dot, length, scale, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, type GridGeometry, type Volume } from "@releve/domain/volume";
import type { RenderLook, RenderView } from "../kernel-runner.ts";
import { gradientFloorPerMm, requireLook } from "../rendering-rules.ts";
import { maxRaySteps } from "../sampling-rules.ts";
import type { TableScale } from "./look-tables.ts";
import { clipsMax, tableLast, type MemoryPlan } from "./memory-plan.ts";
import type { EngineCall } from "./simd-protocol.ts";

/** @throws RangeError for a view or look that has no meaning or is beyond the limits. */
export function requireRendering(view: RenderView, look: RenderLook): void {
  requireLook(look);
  for (const count of [view.plane.columns, view.plane.rows, view.steps])
    if (!Number.isInteger(count) || count < 1)
      throw new RangeError(`${count} is no number of pixels or steps`);
  if (view.steps > maxRaySteps)
    throw new RangeError(`a ray of ${view.steps} samples, more than ${maxRaySteps}`);
  if (!(length(view.stepLps) > 0)) throw new RangeError("a ray needs a step");
  if (look.clip.length > clipsMax) throw new RangeError(`${look.clip.length} cuts, more than ${clipsMax}`);
}

export function lookCall(
  plan: MemoryPlan,
  look: RenderLook,
  { low, scale: perValue }: TableScale,
): EngineCall {
  const { colours, absorbs, absorbing, shines } = plan;
  const { ambient, diffuse } = look;
  return ["setLook", low, perValue, tableLast, colours, absorbs, absorbing, shines, ambient, diffuse];
}

/** The rays, and how gradients of stored values are seen along them. */
export function viewCalls(
  plan: MemoryPlan,
  { geometry }: Volume,
  slope: number,
  view: RenderView,
  look: RenderLook,
): EngineCall[] {
  const toVoxel = lpsToVoxel(geometry);
  const direction = (lps: Vec3) => toVoxel(add(geometry.originLps, lps));
  const along = direction(view.stepLps);
  const right = direction(view.plane.columnStepLps);
  const down = direction(view.plane.rowStepLps);
  const half = Math.abs(slope) / 2;
  const toEye = scale(along, half / length(view.stepLps));
  const axes = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => scale(direction(axis), half));
  // Six of the nine products: the squared length of a gradient in patient space is symmetric in the grid's axes.
  const product = (a: 0 | 1 | 2, b: 0 | 1 | 2) => axes.reduce((sum, axis) => sum + axis[a] * axis[b], 0);
  const form = [product(0, 0), product(1, 1), product(2, 2), product(0, 1), product(1, 2), product(2, 0)];
  return [
    ["setGradient", ...toEye, ...form, gradientFloorPerMm(look)],
    [
      "setPlane",
      ...toVoxel(view.plane.originLps),
      ...right,
      ...down,
      view.plane.columns,
      view.plane.rows,
      plan.pixels,
      plan.counter,
    ],
    ["setDistances", plan.distances],
    ["render", ...along, view.steps, ...look.backgroundRgb, plan.clips, look.clip.length],
  ];
}

/** Per cut the normal and the offset, in voxel indices, as `render` reads them. */
export function clipNumbers(grid: GridGeometry, look: RenderLook): Float64Array {
  return Float64Array.from(
    look.clip.flatMap(({ normalLps, offsetMm }) => [
      dot(normalLps, grid.columnStepLps),
      dot(normalLps, grid.rowStepLps),
      dot(normalLps, grid.sliceStepLps),
      offsetMm - dot(normalLps, grid.originLps),
    ]),
  );
}
