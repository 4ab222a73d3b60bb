/**
 * Adds filtered projections up at voxels given by their places in mm: Feldkamp, Davis and Kress (1984) for a cone of beams from a
 * source on a circle, Kak and Slaney (1988, 3.3) for parallel beams. gpu.js compiles the function from its text.
 */
/* oxlint-disable oxc/no-this-in-exported-function -- a gpu.js kernel, see above */
import type { VoxelKernel } from "../kernel-runner.ts";
import { anglesMax } from "./circular-scan.ts";

type Here = { readonly thread: { readonly x: number; readonly y: number } };

export const backProjectKernel: VoxelKernel = {
  name: "back-project",
  run: backProject,
  loopMaxIterations: anglesMax,
};

/**
 * `angles[n]`: cosine and sine. `filtered[n * rowCount + row]`: a row of the flat detector, which is thought through the axis of
 * rotation. `perSource`: one over the distance from source to axis, 0 for parallel beams.
 */
function backProject(
  this: Here,
  samples: number[][],
  angles: number[][],
  filtered: number[][],
  angleCount: number,
  binCount: number,
  binMm: number,
  perSource: number,
  rowCount: number,
  rowMm: number,
): number {
  const x = samples[this.thread.x]![0]!;
  const y = samples[this.thread.x]![1]!;
  const z = samples[this.thread.x]![2]!;
  let sum = 0.0;
  let lost = 0.0;
  for (let angle = 0; angle < angleCount; angle++) {
    const cosine = angles[angle]![0]!;
    const sine = angles[angle]![1]!;
    const scaled = 1 / (1 - (x * cosine + y * sine) * perSource);
    const bin = (scaled * (y * cosine - x * sine)) / binMm + (binCount - 1) / 2;
    const row = (scaled * z) / rowMm + (rowCount - 1) / 2;
    if (bin >= 0 && bin <= binCount - 1 && row >= 0 && row <= rowCount - 1) {
      const left = Math.floor(bin);
      const right = Math.min(left + 1, binCount - 1);
      const low = angle * rowCount + Math.floor(row);
      const high = angle * rowCount + Math.min(Math.floor(row) + 1, rowCount - 1);
      const across = bin - left;
      const down = row - Math.floor(row);
      const lower = filtered[low]![left]! * (1 - across) + filtered[low]![right]! * across;
      const upper = filtered[high]![left]! * (1 - across) + filtered[high]![right]! * across;
      const term = scaled * scaled * (lower * (1 - down) + upper * down) - lost;
      const next = sum + term;
      lost = next - sum - term;
      sum = next;
    }
  }
  return sum;
}
