/** Reconstructs points of the Shepp-Logan phantom from its projections, which are closed forms, as its density is. */
import type { Vec3 } from "@releve/domain/vec3";
import type { KernelRunner } from "../kernel-runner.ts";
import { voxelSelfTest } from "../self-test/voxel-self-test.ts";
import { coneKernel, parallelKernel } from "./back-project.ts";
import { rampFiltered } from "./ramp-filter.ts";
import { densityAt, lineIntegral } from "./shepp-logan.ts";

/** Where the density is the same for several mm around: the ventricles, the brain, the disc above, air. */
const inPlane: readonly Vec3[] = [
  [22, 0, 0],
  [-22, 5, 0],
  [0, 35, 0],
  [40, -40, 0],
  [-45, 30, 0],
  [0, -35, 0],
  [85, 40, 0],
];
const offPlane: readonly Vec3[] = [...inPlane, [22, 0, 6], [40, -30, -7], [-10, 60, 8]];

const bins = { binCount: 161, binMm: 1.25 };

/** Of the densest of the points, 0.3: what sampling costs. The engines differ by a ten-thousandth of that. */
const tolerance = 0.06;

const circle = (count: number, turn: number) =>
  Array.from({ length: count }, (_, angle) => {
    const radians = (turn * angle) / count;
    return [Math.cos(radians), Math.sin(radians)] as const;
  });

const atBin = (bin: number, count: number, mm: number) => (bin - (count - 1) / 2) * mm;

const table = (rows: readonly ArrayLike<number>[]) => ({
  columns: rows[0]!.length,
  values: Float32Array.from(rows.flatMap((row) => Array.from(row))),
});

const placesOf = (points: readonly Vec3[], axes: readonly (0 | 1 | 2)[]) =>
  axes.map((axis) => Float32Array.from(points, (point) => point[axis]));

function parallelRow([cosine, sine]: readonly [number, number]): Float64Array {
  const row = Float64Array.from({ length: bins.binCount }, (_, bin) => {
    const s = atBin(bin, bins.binCount, bins.binMm);
    return lineIntegral([s * cosine, s * sine, 0], [-sine, cosine, 0]);
  });
  return rampFiltered(row, bins.binMm);
}

function parallelSelfTest() {
  const angles = circle(120, Math.PI);
  return voxelSelfTest({
    task: {
      kernel: parallelKernel,
      frames: placesOf(inPlane, [0, 1]),
      tables: { angles: table(angles), filtered: table(angles.map(parallelRow)) },
      numbers: { ...bins, angleCount: angles.length, weight: Math.PI / angles.length },
      outputs: 1,
    },
    wanted: [inPlane.map(densityAt)],
    tolerance,
  });
}

const cone = { rowCount: 13, rowMm: 2, sourceMm: 400 };

/** A row of the detector through the axis, weighted by the ray's obliquity. */
function coneRow([cosine, sine]: readonly [number, number], row: number): Float64Array {
  const { sourceMm, rowCount, rowMm } = cone;
  const v = atBin(row, rowCount, rowMm);
  const values = Float64Array.from({ length: bins.binCount }, (_, bin) => {
    const u = atBin(bin, bins.binCount, bins.binMm);
    const long = Math.hypot(sourceMm, u, v);
    const ray: Vec3 = [-sourceMm * cosine - u * sine, -sourceMm * sine + u * cosine, v];
    const integral = lineIntegral(
      [sourceMm * cosine, sourceMm * sine, 0],
      [ray[0] / long, ray[1] / long, ray[2] / long],
    );
    return (integral * sourceMm) / long;
  });
  return rampFiltered(values, bins.binMm);
}

function coneSelfTest() {
  const angles = circle(240, 2 * Math.PI);
  const rows = angles.flatMap((angle) =>
    Array.from({ length: cone.rowCount }, (_, row) => coneRow(angle, row)),
  );
  return voxelSelfTest({
    task: {
      kernel: coneKernel,
      frames: placesOf(offPlane, [0, 1, 2]),
      tables: { angles: table(angles), filtered: table(rows) },
      numbers: { ...bins, ...cone, angleCount: angles.length, weight: Math.PI / angles.length },
      outputs: 1,
    },
    wanted: [offPlane.map(densityAt)],
    tolerance,
  });
}

/** The projections are made when a test runs, not when it is listed. */
export const tomographySelfTests = [
  {
    kernel: "back-project-parallel",
    tolerance,
    run: (runner: KernelRunner) => parallelSelfTest().run(runner),
  },
  { kernel: "back-project-cone", tolerance, run: (runner: KernelRunner) => coneSelfTest().run(runner) },
] as const;
