/** Where a scan and its reconstruction lie in the SIMD engine's memory. Areas begin at multiples of 64 bytes. */
import { pageBytes } from "../simd/memory-plan.ts";
import type { CircularScan, ReconstructionGrid } from "./circular-scan.ts";
import { transformLog } from "./ramp-response.ts";

export type ScanMemory = ReturnType<typeof planScan>;

const upTo = (multiple: number, count: number) => Math.ceil(count / multiple) * multiple;

/** `bytes` may be more than 32-bit addresses reach: the caller asks. */
export function planScan(
  { anglesRad, binCount, rowCount }: CircularScan,
  { columns, rows, slices }: ReconstructionGrid,
  threads: number,
) {
  let next = 1024;
  const area = (bytes: number): number => {
    const at = next;
    next = upTo(64, next + bytes);
    return at;
  };
  const log = transformLog(binCount);
  const rowStride = upTo(8, rowCount);
  // Filtering takes 32 bytes a number; back-projecting a mixed column of rows, and the sums of 8 x 8 columns of voxels.
  const scratchBytes = upTo(64, Math.max(32 * 2 ** log, 4 * (rowStride + 8) + 4 * 64 * upTo(4, slices)));
  return {
    log,
    rowStride,
    scratchBytes,
    counter: area(4),
    angles: area(anglesRad.length * 16),
    turns: area(2 ** log * 8),
    response: area(2 ** log * 4),
    scratch: area(scratchBytes * threads),
    projections: area(anglesRad.length * rowCount * binCount * 4),
    filtered: area((anglesRad.length * binCount * rowStride + 16) * 4),
    volume: area(columns * rows * slices * 4),
    bytes: upTo(pageBytes, next),
  };
}
