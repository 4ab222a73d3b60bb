/** A chest whose every voxel is known: two ellipsoid lungs with emphysema and vessels, airways, table, bowel gas. Lengths in mm, LPS. */
import type { Vec3 } from "@releve/domain/vec3";
import { voxelToLps, type GridGeometry, type Volume } from "@releve/domain/volume";

export const chestGrid: GridGeometry = {
  columns: 64,
  rows: 54,
  slices: 58,
  originLps: [-189, -150, -171],
  columnStepLps: [6, 0, 0],
  rowStepLps: [0, 6, 0],
  sliceStepLps: [0, 0, 6],
};

export type ChestOptions = {
  /** Bronchi that open into the lungs; without, they end before them. */
  readonly openBronchi?: boolean;
  /** Lungs that touch in front of the heart, parted only by a wall of -700 HU at this place. */
  readonly septumAtMm?: number;
  readonly withTrachea?: boolean;
};

export type Chest = {
  readonly volume: Volume;
  /** 0 elsewhere, 1 left lung, 2 right lung, with the vessels in them. */
  readonly truth: Uint8Array;
};

export function chestPhantom(grid: GridGeometry = chestGrid, options: ChestOptions = {}): Chest {
  const length = grid.columns * grid.rows * grid.slices;
  const values = new Int16Array(length);
  const truth = new Uint8Array(length);
  for (let voxel = 0; voxel < length; voxel++) {
    const column = voxel % grid.columns;
    const row = Math.floor(voxel / grid.columns) % grid.rows;
    const lps = voxelToLps(grid, column, row, Math.floor(voxel / grid.columns / grid.rows));
    const side = sideOf(lps, options);
    truth[voxel] = side;
    values[voxel] = side > 0 ? lungHu(lps, voxel, options) : outsideHu(lps, options);
  }
  return { volume: { geometry: grid, voxels: { kind: "stored", values, slope: 1, intercept: 0 } }, truth };
}

const within = (lps: Vec3, center: Vec3, semiAxes: Vec3) =>
  lps.reduce((sum, at, axis) => sum + ((at - center[axis]!) / semiAxes[axis]!) ** 2, 0) <= 1;

/** The patient's left is at positive x. */
function sideOf(lps: Vec3, { septumAtMm }: ChestOptions): number {
  const [centerMm, reachMm] = septumAtMm === undefined ? [74, 48] : [60, 85];
  const left = within(lps, [centerMm, 0, 0], [reachMm, 75, 110]);
  const right = within(lps, [-centerMm, 0, 0], [reachMm, 75, 110]);
  if (left && right) return lps[0] >= septumAtMm! - 3 ? 1 : 2;
  return left ? 1 : right ? 2 : 0;
}

function lungHu(lps: Vec3, voxel: number, { septumAtMm }: ChestOptions): number {
  if (within(lps, [80, 10, 20], [20, 20, 20])) return -980;
  if (within(lps, [-80, 10, 40], [14, 14, 14])) return -951;
  // Vessels along the body, which a slice shows enclosed by lung.
  if (Math.hypot(Math.abs(lps[0]) - 90, lps[1] + 20) < 7 && Math.abs(lps[2]) < 40) return 40;
  if (septumAtMm !== undefined && Math.abs(lps[0] - septumAtMm) <= 3) return -700;
  return -870 + (voxel % 41);
}

function outsideHu(lps: Vec3, { openBronchi = false, withTrachea = true }: ChestOptions): number {
  if (withTrachea && isAirway(lps, openBronchi)) return -1000;
  if (within(lps, [30, -20, -150], [30, 30, 20])) return -990;
  if (within([lps[0], lps[1], 0], [0, 0, 0], [165, 110, 1])) return 40;
  if (Math.abs(lps[0]) < 120 && lps[1] > 118 && lps[1] < 142) return isTableCore(lps) ? -980 : 120;
  return -1000;
}

const isTableCore = ([x, y]: Vec3) => Math.abs(x) < 112 && y > 124 && y < 136;

/** A trachea from the slice nearest to the head to its fork, and two main bronchi that go down at 45 degrees. */
function isAirway([x, y, z]: Vec3, open: boolean): boolean {
  const down = 20 - z;
  if (down < 0) return Math.hypot(x, y) < 9;
  return down < (open ? 34 : 10) && Math.hypot(Math.abs(x) - down, y) < 8;
}
