/**
 * Parallel slabs. Samples lie on a lattice that starts at the box's near face and divides the distance from slice to slice,
 * so that along a grid axis every slice is met: the largest value of a slab is then exactly the largest voxel's.
 */
import { scale } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";
import { inPlaneSpacingMm, spacingAlongMm } from "../geometry/grid-facts.ts";
import { patientOrientations } from "../geometry/orientation.ts";
import { planeStack } from "../geometry/plane-stack.ts";
import type { StackParameters } from "./parameters.ts";
import type { SlabSet } from "./slab-set.ts";

export function stackedSlabs(grid: GridGeometry, parameters: StackParameters): SlabSet {
  const orientation = patientOrientations[parameters.orientation];
  const betweenVoxels = spacingAlongMm(grid, orientation.normal);
  const stepMm = betweenVoxels / Math.max(1, Math.ceil(betweenVoxels / inPlaneSpacingMm(grid) - 1e-6));
  const stack = planeStack(grid, {
    orientation,
    spacingMm: inPlaneSpacingMm(grid),
    intervalMm: parameters.intervalMm,
    imagesMax: parameters.imagesMax,
    anchorMm: stepMm,
  });
  const halfSteps = Math.max(1, Math.round(parameters.thicknessMm / 2 / stepMm));
  const stepLps = scale(orientation.normal, stepMm);
  return {
    slabs: stack.planes.map((plane) => ({ plane, stepLps, steps: 2 * halfSteps + 1 })),
    mirrored: [],
    thicknessMm: 2 * halfSteps * stepMm,
    limits: stack.limits,
  };
}
