/** The planes of a fused view: pure geometry. Both volumes are sampled on them. */
import { add, dot, scale, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry, PlaneGeometry } from "@releve/domain/volume";
import { inPlaneSpacingMm, spacingAlongMm } from "../geometry/grid-facts.ts";
import { patientOrientations } from "../geometry/orientation.ts";
import { boxAround } from "../geometry/patient-box.ts";
import { planeStack } from "../geometry/plane-stack.ts";
import type { FusionView } from "./parameters.ts";

export type ViewPlanes = {
  readonly planes: readonly PlaneGeometry[];
  readonly spacingMm: number;
  readonly intervalMm: number;
  readonly limits: readonly string[];
};

/** The volume's own slices where its axes are the patient's; square pixels of its finer spacing in any case. */
export function stackPlanes(
  grid: GridGeometry,
  view: Exclude<FusionView, "coronal-mip">,
  imagesMax: number,
): ViewPlanes {
  const orientation = patientOrientations[view];
  const spacingMm = inPlaneSpacingMm(grid);
  return planeStack(grid, {
    orientation,
    spacingMm,
    intervalMm: spacingAlongMm(grid, orientation.normal),
    imagesMax,
  });
}

export type DepthRays = { readonly plane: PlaneGeometry; readonly stepLps: Vec3; readonly steps: number };

/** One coronal plane in the middle of the box around a volume. */
export function frontPlane(grid: GridGeometry): ViewPlanes {
  const spacingMm = inPlaneSpacingMm(grid);
  return planeStack(grid, {
    orientation: patientOrientations.coronal,
    spacingMm,
    intervalMm: 1e6,
    imagesMax: 1,
  });
}

/**
 * Rays through every pixel of `plane`, through all of a volume from front to back. They begin where its voxels lie, not where
 * the plane does: each row is met, and the largest value along a ray is that of a voxel.
 */
export function raysThrough(grid: GridGeometry, plane: PlaneGeometry): DepthRays {
  const { normal } = patientOrientations.coronal;
  const { low, high } = boxAround(grid, patientOrientations.coronal);
  const stepMm = spacingAlongMm(grid, normal);
  const halfSteps = Math.ceil((high[2] - low[2]) / stepMm / 2 - 1e-6);
  const middleMm = low[2] + halfSteps * stepMm;
  const originLps = add(plane.originLps, scale(normal, middleMm - dot(plane.originLps, normal)));
  return { plane: { ...plane, originLps }, stepLps: scale(normal, stepMm), steps: 2 * halfSteps + 1 };
}
