/** Projections on a circle, and the grid that they are reconstructed on. Millimetres; the axis of rotation is z, through 0, 0. */
import type { Vec3 } from "@releve/domain/vec3";

export type CircularScan = {
  /** Where the source stands, from x towards y: the whole circle, or half of it for parallel beams, in equal steps. */
  readonly anglesRad: readonly number[];
  readonly binCount: number;
  readonly rowCount: number;
  /** Of a flat detector that is thought through the axis of rotation; its bins run as the source moves, its rows along z. */
  readonly binMm: number;
  readonly rowMm: number;
  /** From the source to the axis; parallel beams have none. */
  readonly sourceMm?: number;
  /** Line integrals, [angle][row][bin]. */
  readonly projections: Float32Array;
};

/** Voxels in [slice][row][column] order; slices along z. */
export type ReconstructionGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Centre of the first voxel. */
  readonly originMm: Vec3;
  /** `spacingMm[2]` is positive. */
  readonly spacingMm: Vec3;
};

/** One over the distance from the source to the axis: 0 for parallel beams. */
export const perSource = ({ sourceMm }: Pick<CircularScan, "sourceMm">): number =>
  sourceMm === undefined ? 0 : 1 / sourceMm;

/** Where a bin or a row of the detector lies, from its middle. */
export const offCentre = (index: number, count: number, mm: number): number => (index - (count - 1) / 2) * mm;

/** Per mm, where the projections are line integrals. */
export type Reconstruction = { readonly values: Float32Array; readonly engine: string };

export const anglesMax = 4096;

/** @throws RangeError for what has no meaning: no voxels, other projections than are announced, a source within the grid. */
export function requireReconstruction(scan: CircularScan, grid: ReconstructionGrid): void {
  const { anglesRad, binCount, rowCount, projections, sourceMm } = scan;
  for (const count of [binCount, rowCount, anglesRad.length, grid.columns, grid.rows, grid.slices])
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`${count} is no number of anything`);
  if (anglesRad.length > anglesMax)
    throw new RangeError(`${anglesRad.length} angles, more than ${anglesMax}`);
  for (const mm of [scan.binMm, scan.rowMm, grid.spacingMm[2], sourceMm ?? 1])
    if (!(mm > 0)) throw new RangeError(`${mm} mm is no length`);
  if (projections.length !== anglesRad.length * rowCount * binCount)
    throw new RangeError(`${projections.length} values are not these projections`);
  if (sourceMm !== undefined && reachMm(grid) >= sourceMm)
    throw new RangeError("the source stands within the grid");
}

/** From the axis to the farthest corner. */
function reachMm({ columns, rows, originMm, spacingMm }: ReconstructionGrid): number {
  const far = (axis: 0 | 1, count: number) =>
    Math.max(Math.abs(originMm[axis]), Math.abs(originMm[axis] + (count - 1) * spacingMm[axis]));
  return Math.hypot(far(0, columns), far(1, rows));
}
