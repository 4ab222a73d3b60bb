/** Filtered back-projection for engines that run any kernel: filtered here in float64, row by row, back-projected by gpu.js. */
import { VolumeTooLargeFault } from "../faults.ts";
import type { KernelRunner } from "../kernel-runner.ts";
import { backProjectKernel } from "./back-project.ts";
import {
  offCentre,
  perSource,
  requireReconstruction,
  type CircularScan,
  type Reconstruction,
  type ReconstructionGrid,
} from "./circular-scan.ts";
import { rampFiltered } from "./ramp-filter.ts";

/** @throws RangeError for a scan or grid that has no meaning, VolumeTooLargeFault beyond the budget. */
export async function reconstructByKernel(
  mapVoxels: KernelRunner["mapVoxels"],
  scan: CircularScan,
  grid: ReconstructionGrid,
  budgetBytes: number,
  signal?: AbortSignal,
): Promise<Reconstruction> {
  requireReconstruction(scan, grid);
  const bytes = 4 * (scan.projections.length + 4 * grid.columns * grid.rows * grid.slices);
  if (bytes > budgetBytes) throw new VolumeTooLargeFault(bytes, budgetBytes);
  const { anglesRad, binCount, rowCount, binMm, rowMm } = scan;
  const circle = Float32Array.from(anglesRad.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  const maps = await mapVoxels(
    {
      kernel: backProjectKernel,
      frames: placesOf(grid),
      tables: {
        angles: { columns: 2, values: circle },
        filtered: { columns: binCount, values: filteredRows(scan) },
      },
      numbers: {
        angleCount: anglesRad.length,
        binCount,
        binMm,
        perSource: perSource(scan),
        rowCount,
        rowMm,
      },
      outputs: 1,
    },
    signal,
  );
  return { values: maps.values[0]!, engine: maps.engine };
}

/** x, y and z of every voxel. */
function placesOf({ columns, rows, slices, originMm, spacingMm }: ReconstructionGrid): Float32Array[] {
  const count = columns * rows * slices;
  const indices = [
    (at: number) => at % columns,
    (at: number) => Math.floor(at / columns) % rows,
    (at: number) => Math.floor(at / (columns * rows)),
  ];
  return indices.map((index, axis) =>
    Float32Array.from({ length: count }, (_, at) => originMm[axis]! + index(at) * spacingMm[axis]!),
  );
}

/** Weighted by the obliquity of each ray, and by pi over the angles: a whole circle meets each ray twice. */
function filteredRows(scan: CircularScan): Float32Array {
  const { anglesRad, binCount, rowCount, binMm, rowMm, projections } = scan;
  const p = perSource(scan);
  const filtered = new Float32Array(projections.length);
  for (let start = 0; start < projections.length; start += binCount) {
    const v = offCentre((start / binCount) % rowCount, rowCount, rowMm);
    const row = Float64Array.from({ length: binCount }, (_, bin) => {
      const u = offCentre(bin, binCount, binMm);
      return ((projections[start + bin]! / Math.hypot(1, u * p, v * p)) * Math.PI) / anglesRad.length;
    });
    filtered.set(rampFiltered(row, binMm), start);
  }
  return filtered;
}
