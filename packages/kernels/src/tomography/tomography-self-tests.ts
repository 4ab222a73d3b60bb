/** Reconstructs the Shepp-Logan phantom from its projections, which are closed forms, as its density is. */
import type { Vec3 } from "@releve/domain/vec3";
import type { KernelRunner } from "../kernel-runner.ts";
import type { CircularScan, ReconstructionGrid } from "./circular-scan.ts";
import { sheppLoganScan } from "./shepp-logan-scan.ts";
import { densityAt } from "./shepp-logan.ts";

type Reconstructs = Pick<KernelRunner, "reconstruct">;

/** Where the density is the same for several mm around: the ventricles, the brain, the disc above, air. */
const inPlane: readonly Vec3[] = [
  [20, 0, 0],
  [-20, 5, 0],
  [0, 35, 0],
  [40, -40, 0],
  [-45, 30, 0],
  [0, -35, 0],
  [85, 40, 0],
];
const offPlane: readonly Vec3[] = [...inPlane, [20, 0, 5], [40, -30, -5], [-10, 60, 10]];

/** Voxels on all of these points. */
const gridMm = 5;
const gridOf = (slices: number): ReconstructionGrid => ({
  columns: 37,
  rows: 37,
  slices,
  originMm: [-18 * gridMm, -18 * gridMm, (-gridMm * (slices - 1)) / 2],
  spacingMm: [gridMm, gridMm, gridMm],
});

/** Density, of which the densest of the points has 0.3: what sampling costs. The engines differ by a thousandth of that. */
const tolerance = 0.018;

const bins = { binCount: 161, binMm: 1.25 };

const parallel = () => sheppLoganScan({ ...bins, angleCount: 120, turnRad: Math.PI, rowCount: 1, rowMm: 1 });
const cone = () =>
  sheppLoganScan({ ...bins, angleCount: 240, turnRad: 2 * Math.PI, rowCount: 13, rowMm: 2, sourceMm: 400 });

async function worstAt(
  runner: Reconstructs,
  scan: CircularScan,
  grid: ReconstructionGrid,
  points: readonly Vec3[],
) {
  const { values, engine } = await runner.reconstruct(scan, grid);
  const index = (point: Vec3, axis: 0 | 1 | 2) =>
    Math.round((point[axis] - grid.originMm[axis]) / grid.spacingMm[axis]);
  const off = points.map((point) => {
    const at = (index(point, 2) * grid.rows + index(point, 1)) * grid.columns + index(point, 0);
    const by = Math.abs(values[at]! - densityAt(point));
    return Number.isNaN(by) ? Number.POSITIVE_INFINITY : by;
  });
  return { worst: Math.max(...off), engine };
}

export const tomographySelfTests = [
  {
    kernel: "back-project-parallel",
    tolerance,
    run: (runner: Reconstructs) => worstAt(runner, parallel(), gridOf(1), inPlane),
  },
  {
    kernel: "back-project-cone",
    tolerance,
    run: (runner: Reconstructs) => worstAt(runner, cone(), gridOf(5), offPlane),
  },
] as const;
