/** The standard display orientations of the patient: directions of rows and columns on the screen, in LPS. */
import { cross, dot, length, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";

export type PatientPlane = "axial" | "coronal" | "sagittal";

/** Unit vectors, perpendicular to each other; `normal` = row x column points away from the viewer. */
export type Orientation = { readonly row: Vec3; readonly column: Vec3; readonly normal: Vec3 };

/**
 * Axial seen from the feet, coronal from the front, sagittal from the patient's left; the patient's left is on the screen's
 * right, the feet are down.
 */
export const patientOrientations: Readonly<Record<PatientPlane, Orientation>> = {
  axial: orientationOf([1, 0, 0], [0, 1, 0]),
  coronal: orientationOf([1, 0, 0], [0, 0, -1]),
  sagittal: orientationOf([0, 1, 0], [0, 0, -1]),
};

/** Two directions become unit vectors at a right angle: the row's direction is kept. @throws RangeError for parallel ones. */
export function orientationOf(rowDirection: Vec3, columnDirection: Vec3): Orientation {
  const row = normalize(rowDirection);
  const across = subtract(columnDirection, scale(row, dot(row, columnDirection)));
  if (length(across) < 1e-3 * length(columnDirection))
    throw new RangeError("the row and the column are parallel");
  const column = normalize(across);
  return { row, column, normal: cross(row, column) };
}
