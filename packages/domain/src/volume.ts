/**
 * A volume: a regular grid of values in patient space. The grid is affine, not only orthogonal:
 * the slice step of a tilted gantry is not along the plane's normal, and sampling through the affine corrects it exactly.
 */
import { add, cross, dot, scale, subtract, type Vec3 } from "./vec3.ts";

export type GridGeometry = {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Centre of voxel (0,0,0), LPS mm. */
  readonly originLps: Vec3;
  /** From one voxel centre to the next one, LPS mm: along a row (column index + 1), down a column, to the next slice. */
  readonly columnStepLps: Vec3;
  readonly rowStepLps: Vec3;
  readonly sliceStepLps: Vec3;
};

/**
 * Voxels in [slice][row][column] order, `columns * rows * slices` of them.
 * `stored` keeps the source's stored values where one slope and intercept serve the series; `real` holds real-world
 * values where they do not. Nothing is rounded on the way. Memory is shared so that workers read it without a copy.
 */
export type Voxels =
  | {
      readonly kind: "stored";
      readonly values: Int16Array | Uint16Array;
      readonly slope: number;
      readonly intercept: number;
    }
  | { readonly kind: "real"; readonly values: Float32Array };

export type Volume = {
  readonly geometry: GridGeometry;
  readonly voxels: Voxels;
  /** Inclusive range of stored values (or of real values, for `real`) that mean "nothing was measured here". */
  readonly padding?: { readonly low: number; readonly high: number };
};

/** A plane of pixels in patient space, as DICOM's Image Plane Module describes it. */
export type PlaneGeometry = {
  readonly columns: number;
  readonly rows: number;
  /** Centre of the first pixel, LPS mm. */
  readonly originLps: Vec3;
  readonly columnStepLps: Vec3;
  readonly rowStepLps: Vec3;
};

export function voxelToLps(grid: GridGeometry, column: number, row: number, slice: number): Vec3 {
  const inPlane = add(scale(grid.columnStepLps, column), scale(grid.rowStepLps, row));
  return add(add(grid.originLps, inPlane), scale(grid.sliceStepLps, slice));
}

/** The affine's inverse: a function from LPS mm to fractional (column, row, slice). @throws RangeError for a flat grid. */
export function lpsToVoxel(grid: GridGeometry): (pointLps: Vec3) => Vec3 {
  const { columnStepLps: u, rowStepLps: v, sliceStepLps: w } = grid;
  const determinant = dot(u, cross(v, w));
  if (!(Math.abs(determinant) > 1e-12)) throw new RangeError("the grid's steps span no volume");
  const rows = [cross(v, w), cross(w, u), cross(u, v)].map((axis) => scale(axis, 1 / determinant)) as [
    Vec3,
    Vec3,
    Vec3,
  ];
  return (pointLps) => {
    const offset = subtract(pointLps, grid.originLps);
    return [dot(rows[0], offset), dot(rows[1], offset), dot(rows[2], offset)];
  };
}
