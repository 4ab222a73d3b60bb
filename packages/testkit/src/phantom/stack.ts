/** Where the slices of a phantom series lie: a pile of equal planes around a centre, tilted like a gantry if asked. */
import { add, cross, normalize, scale, type Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";

export type Stack = {
  readonly columns: number;
  readonly rows: number;
  /** Distance between neighbouring columns and between neighbouring rows, mm. */
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
  /** Where the slices lie along the pile, mm from its centre. */
  readonly sliceOffsetsMm: readonly number[];
  readonly thicknessMm: number;
  readonly orientation: Orientation;
  /** Leans the planes about their row direction while the pile stays upright, as a CT gantry does. */
  readonly tiltDegrees: number;
  readonly centerLps: Vec3;
};

/** Directions of a row (column index + 1) and of a column (row index + 1), LPS; made unit length. */
export type Orientation = { readonly row: Vec3; readonly column: Vec3 };

export const axial: Orientation = { row: [1, 0, 0], column: [0, 1, 0] };
export const coronal: Orientation = { row: [1, 0, 0], column: [0, 0, -1] };
export const sagittal: Orientation = { row: [0, 1, 0], column: [0, 0, -1] };

/** `count` offsets `spacingMm` apart, centred on 0. */
export function evenOffsets(count: number, spacingMm: number): number[] {
  return Array.from({ length: count }, (_, index) => (index - (count - 1) / 2) * spacingMm);
}

export function stackPlanes(stack: Stack): PlaneGeometry[] {
  const row = normalize(stack.orientation.row);
  const along = normalize(cross(row, stack.orientation.column));
  const upright = cross(along, row);
  const tilt = (stack.tiltDegrees * Math.PI) / 180;
  const column = add(scale(upright, Math.cos(tilt)), scale(along, Math.sin(tilt)));
  const columnStepLps = scale(row, stack.columnSpacingMm);
  const rowStepLps = scale(column, stack.rowSpacingMm);
  const corner = add(
    scale(columnStepLps, -(stack.columns - 1) / 2),
    scale(rowStepLps, -(stack.rows - 1) / 2),
  );
  return stack.sliceOffsetsMm.map((offsetMm) => ({
    columns: stack.columns,
    rows: stack.rows,
    originLps: add(add(stack.centerLps, scale(along, offsetMm)), corner),
    columnStepLps,
    rowStepLps,
  }));
}
