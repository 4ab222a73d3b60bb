/** Filtered back-projection by the hand-written WebAssembly, on all threads of a pool: a memory for each scan, given back at its end. */
import { VolumeTooLargeFault } from "../faults.ts";
import { pageBytes } from "../simd/memory-plan.ts";
import type { EngineCall, SimdOrder } from "../simd/simd-protocol.ts";
import type { SimdPool } from "../simd/simd-pool.ts";
import {
  perSource,
  requireReconstruction,
  type CircularScan,
  type ReconstructionGrid,
} from "./circular-scan.ts";
import { rampResponse, turns } from "./ramp-response.ts";
import { planScan, type ScanMemory } from "./scan-memory.ts";

/** Scans count downwards, volumes upwards: the threads know both by number. */
let nextKey = -1;

/**
 * @returns values per mm on memory that workers can share.
 * @throws RangeError for a scan or grid that has no meaning, VolumeTooLargeFault beyond the budget, what the pool throws, and the
 * signal's reason once it is aborted before a step.
 */
export async function reconstructSimd(
  pool: SimdPool,
  scan: CircularScan,
  grid: ReconstructionGrid,
  budgetBytes: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  requireReconstruction(scan, grid);
  const plan = planScan(scan, grid, pool.threads);
  if (plan.bytes > budgetBytes) throw new VolumeTooLargeFault(plan.bytes, budgetBytes);
  const pages = plan.bytes / pageBytes;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  fill(memory, plan, scan);
  const volume = nextKey--;
  await pool.all({ kind: "attach", volume, memory });
  try {
    for (const callOf of [filterCall, backProjectCall]) {
      signal?.throwIfAborted();
      new Int32Array(memory.buffer, plan.counter, 1)[0] = 0;
      await pool.all((thread): SimdOrder => {
        const scratch = plan.scratch + thread * plan.scratchBytes;
        return { kind: "call", volume, calls: [scanCall(plan, scan), callOf(plan, grid, scratch)] };
      });
    }
    const count = grid.columns * grid.rows * grid.slices;
    const values = new Float32Array(new SharedArrayBuffer(count * 4));
    values.set(new Float32Array(memory.buffer, plan.volume, count));
    return values;
  } finally {
    await pool.all({ kind: "detach", volume });
  }
}

function fill({ buffer }: WebAssembly.Memory, plan: ScanMemory, scan: CircularScan): void {
  const { anglesRad, binCount, binMm, projections } = scan;
  const circle = anglesRad.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  new Float64Array(buffer, plan.angles, circle.length).set(circle);
  new Float32Array(buffer, plan.turns).set(turns(plan.log));
  // Each ray is met twice on a whole circle, once on half of it: the step of the angle times that is pi over their number.
  new Float32Array(buffer, plan.response).set(rampResponse(binCount, binMm, Math.PI / anglesRad.length));
  new Float32Array(buffer, plan.projections).set(projections);
}

function scanCall(plan: ScanMemory, scan: CircularScan): EngineCall {
  const { anglesRad, binCount, rowCount, binMm, rowMm } = scan;
  const places = [plan.projections, plan.filtered, plan.angles];
  const counts = [anglesRad.length, binCount, rowCount, plan.rowStride];
  return ["setScan", ...places, ...counts, binMm, rowMm, perSource(scan)];
}

function filterCall(plan: ScanMemory, _grid: ReconstructionGrid, scratch: number): EngineCall {
  return ["filterProjections", scratch, plan.log, plan.turns, plan.response, plan.counter];
}

function backProjectCall(plan: ScanMemory, grid: ReconstructionGrid, scratch: number): EngineCall {
  const { columns, rows, slices, originMm, spacingMm } = grid;
  return [
    "backProject",
    plan.volume,
    columns,
    rows,
    slices,
    ...originMm,
    ...spacingMm,
    scratch,
    plan.counter,
  ];
}
