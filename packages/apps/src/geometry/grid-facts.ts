/** What an application asks of a volume's grid: spacings, tilt, and which way its slices face. */
import { cross, dot, length, normalize, type Vec3 } from "@releve/domain/vec3";
import type { GridGeometry } from "@releve/domain/volume";
import { patientOrientations, type PatientPlane } from "./orientation.ts";

/** The finer of the two spacings within a slice, mm. */
export function inPlaneSpacingMm(grid: GridGeometry): number {
  return Math.min(length(grid.columnStepLps), length(grid.rowStepLps));
}

/** Distance between neighbouring slices along their normal, mm; the slices of a tilted gantry are farther apart along z. */
export function sliceSpacingMm(grid: GridGeometry): number {
  return Math.abs(dot(grid.sliceStepLps, sliceNormal(grid)));
}

/** Sheared voxels too. */
export function voxelVolumeMl(grid: GridGeometry): number {
  return Math.abs(dot(grid.sliceStepLps, cross(grid.columnStepLps, grid.rowStepLps))) / 1000;
}

/** The angle between the step from slice to slice and the slices' normal, degrees: 0 for an orthogonal grid. */
export function tiltDegrees(grid: GridGeometry): number {
  const cosine = sliceSpacingMm(grid) / length(grid.sliceStepLps);
  return (Math.acos(Math.min(cosine, 1)) * 180) / Math.PI;
}

/** The patient plane that the slices lie in within `toleranceDegrees`, or undefined for slices oblique to all three. */
export function slicePlane(grid: GridGeometry, toleranceDegrees: number): PatientPlane | undefined {
  const least = Math.cos((toleranceDegrees * Math.PI) / 180);
  const normal = sliceNormal(grid);
  const planes = ["axial", "coronal", "sagittal"] as const;
  return planes.find((plane) => Math.abs(dot(normal, patientOrientations[plane].normal)) >= least);
}

/**
 * The distance between voxel centres met along a direction, mm: that of the grid's axis where the direction follows one,
 * else the finest of the grid.
 */
export function spacingAlongMm(grid: GridGeometry, direction: Vec3): number {
  const steps = [grid.columnStepLps, grid.rowStepLps, grid.sliceStepLps];
  const followed = steps.find((step) => Math.abs(dot(normalize(step), direction)) > 1 - 1e-9);
  return followed ? length(followed) : Math.min(...steps.map(length));
}

function sliceNormal(grid: GridGeometry): Vec3 {
  return normalize(cross(grid.columnStepLps, grid.rowStepLps));
}
