/** A reslice in float64: every pixel of the plane by its position in patient space (PS3.3 C.7.6.2.1.1). */
import { add, scale, type Vec3 } from "@releve/domain/vec3";
import { lpsToVoxel, type PlaneGeometry, type Volume } from "@releve/domain/volume";
import { sampleReference } from "./sample-reference.ts";

export function pixelLps(plane: PlaneGeometry, column: number, row: number): Vec3 {
  return add(plane.originLps, add(scale(plane.columnStepLps, column), scale(plane.rowStepLps, row)));
}

/** Real-world values in row order, NaN outside. */
export function resliceReference(volume: Volume, plane: PlaneGeometry): Float64Array {
  const toVoxel = lpsToVoxel(volume.geometry);
  const values = new Float64Array(plane.columns * plane.rows);
  for (let row = 0; row < plane.rows; row++)
    for (let column = 0; column < plane.columns; column++)
      values[row * plane.columns + column] = sampleReference(volume, toVoxel(pixelLps(plane, column, row)));
  return values;
}
