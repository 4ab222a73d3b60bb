/** A plane or slab of a volume in patient space becomes rays in voxel indices, in float64 and without pixels. */
import { add, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, type PlaneGeometry, type Volume } from "@releve/domain/volume";
import type { Projection } from "./kernel-runner.ts";
import { rayModes } from "./kernels/sample-rays.ts";
import { maxRaySteps, smallestStep } from "./sampling-rules.ts";

export type RayTask = {
  readonly columns: number;
  readonly rows: number;
  /** The first pixel's first sample, the step to the pixel on the right, to the one below, to the ray's next sample: voxel indices. */
  readonly origin: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly along: Vec3;
  readonly steps: number;
  /** One of the kernel's `rayModes`. */
  readonly mode: number;
  /** Real-world value = stored * slope + intercept; linear, so it may follow the sampling. */
  readonly slope: number;
  readonly intercept: number;
};

export type Slab = { readonly plane: PlaneGeometry; readonly stepLps: Vec3; readonly steps: number };

export function resliceTask(volume: Volume, plane: PlaneGeometry): RayTask {
  return rayTask(volume, { plane, stepLps: [0, 0, 0], steps: 1 }, "max");
}

/** @throws RangeError for a plane without pixels, or a ray of no or too many samples. */
export function rayTask(volume: Volume, slab: Slab, projection: Projection): RayTask {
  const { plane, stepLps, steps } = slab;
  requireCount(plane.columns, "columns");
  requireCount(plane.rows, "rows");
  requireCount(steps, "steps");
  if (steps > maxRaySteps) throw new RangeError(`a ray of ${steps} samples, more than ${maxRaySteps}`);
  const { geometry, voxels } = volume;
  const toVoxel = lpsToVoxel(geometry);
  const direction = (lps: Vec3) => toVoxel(add(geometry.originLps, lps));
  const along = direction(stepLps).map(awayFromZero) as unknown as Vec3;
  const middle = toVoxel(plane.originLps);
  const half = (steps - 1) / 2;
  const slope = voxels.kind === "stored" ? voxels.slope : 1;
  return {
    columns: plane.columns,
    rows: plane.rows,
    origin: [middle[0] - half * along[0], middle[1] - half * along[1], middle[2] - half * along[2]],
    right: direction(plane.columnStepLps),
    down: direction(plane.rowStepLps),
    along,
    steps,
    mode: rayModes[slope < 0 ? mirrored[projection] : projection],
    slope,
    intercept: voxels.kind === "stored" ? voxels.intercept : 0,
  };
}

/** With a negative slope the largest stored value is the smallest real one. */
const mirrored: Readonly<Record<Projection, Projection>> = { max: "min", min: "max", mean: "mean" };

const awayFromZero = (step: number) => (Math.abs(step) < smallestStep ? smallestStep : step);

function requireCount(count: number, what: string): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${what} must be a positive integer, not ${count}`);
}
