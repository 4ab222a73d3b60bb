/**
 * SUVpeak: the largest mean over a sphere of 1 cm3 (radius 6.2 mm) whose centre is a voxel of the region, as PERCIST takes it.
 * Voxels whose centres lie in the sphere count, whether in the region or not, but for those that were never measured.
 */
import { lpsToVoxel, voxelToLps, type GridGeometry } from "@releve/domain/volume";
import { add, dot, subtract, type Vec3 } from "@releve/domain/vec3";

/** Of a sphere of 1 cm3. */
export const peakRadiusMm = 10 * Math.cbrt(3 / (4 * Math.PI));

/** Steps in voxels. */
export type SphereStep = readonly [columns: number, rows: number, slices: number];

/** The voxels of the sphere around one. */
export function peakSphere(grid: GridGeometry): readonly SphereStep[] {
  const reach = reachVoxels(grid);
  const steps: SphereStep[] = [];
  for (let z = 0 - reach[2]; z <= reach[2]; z++)
    for (let y = 0 - reach[1]; y <= reach[1]; y++)
      for (let x = 0 - reach[0]; x <= reach[0]; x++) {
        const away = subtract(voxelToLps(grid, x, y, z), grid.originLps);
        if (dot(away, away) <= peakRadiusMm ** 2) steps.push([x, y, z]);
      }
  return steps;
}

/** How many voxels the sphere reaches along each axis at most, for a sheared grid too: the rows of the affine's inverse. */
function reachVoxels(grid: GridGeometry): Vec3 {
  const toVoxel = lpsToVoxel(grid);
  const unit = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => toVoxel(add(grid.originLps, axis)));
  const reach = (axis: 0 | 1 | 2) => Math.floor(peakRadiusMm * Math.hypot(...unit.map((step) => step[axis])));
  return [reach(0), reach(1), reach(2)];
}

/** @param region voxel indices, at least one */
export function suvPeak(
  suv: Float32Array,
  grid: GridGeometry,
  sphere: readonly SphereStep[],
  region: Int32Array,
): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (const centre of region) peak = Math.max(peak, sphereMean(suv, grid, sphere, centre));
  return peak;
}

function sphereMean(
  suv: Float32Array,
  { columns, rows, slices }: GridGeometry,
  sphere: readonly SphereStep[],
  centre: number,
): number {
  const column = centre % columns;
  const row = Math.floor(centre / columns) % rows;
  const slice = Math.floor(centre / (columns * rows));
  let sum = 0;
  let count = 0;
  for (const [dx, dy, dz] of sphere) {
    const [x, y, z] = [column + dx, row + dy, slice + dz];
    if (x < 0 || y < 0 || z < 0 || x >= columns || y >= rows || z >= slices) continue;
    const value = suv[(z * rows + y) * columns + x]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}
