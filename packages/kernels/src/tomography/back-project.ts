/**
 * Back-projection of filtered projections at voxels given by their places in mm: parallel beams (Kak and Slaney 1988, 3.3) and a
 * cone of beams from a source on a circle (Feldkamp, Davis and Kress 1984). gpu.js compiles the functions from their text.
 */
/* oxlint-disable oxc/no-this-in-exported-function -- gpu.js kernels, see above */
import type { VoxelKernel } from "../kernel-runner.ts";

type Here = { readonly thread: { readonly x: number; readonly y: number } };

const anglesMax = 4096;

export const parallelKernel: VoxelKernel = {
  name: "back-project-parallel",
  run: backProjectParallel,
  loopMaxIterations: anglesMax,
};
export const coneKernel: VoxelKernel = {
  name: "back-project-cone",
  run: backProjectCone,
  loopMaxIterations: anglesMax,
};

/** `angles[n]`: cosine and sine. `filtered[n]`: the detector's values, `binMm` apart, centred. */
function backProjectParallel(
  this: Here,
  samples: number[][],
  angles: number[][],
  filtered: number[][],
  angleCount: number,
  binCount: number,
  binMm: number,
  weight: number,
): number {
  const x = samples[this.thread.x]![0]!;
  const y = samples[this.thread.x]![1]!;
  let sum = 0.0;
  let lost = 0.0;
  for (let angle = 0; angle < angleCount; angle++) {
    const place = (x * angles[angle]![0]! + y * angles[angle]![1]!) / binMm + (binCount - 1) / 2;
    if (place >= 0 && place <= binCount - 1) {
      const below = Math.floor(place);
      const above = Math.min(below + 1, binCount - 1);
      const part = place - below;
      const term = filtered[angle]![below]! * (1 - part) + filtered[angle]![above]! * part - lost;
      const next = sum + term;
      lost = next - sum - term;
      sum = next;
    }
  }
  return sum * weight;
}

/** `filtered[n * rowCount + row]`: a row of the flat detector, which is thought through the axis of rotation. */
function backProjectCone(
  this: Here,
  samples: number[][],
  angles: number[][],
  filtered: number[][],
  angleCount: number,
  binCount: number,
  binMm: number,
  rowCount: number,
  rowMm: number,
  sourceMm: number,
  weight: number,
): number {
  const x = samples[this.thread.x]![0]!;
  const y = samples[this.thread.x]![1]!;
  const z = samples[this.thread.x]![2]!;
  let sum = 0.0;
  let lost = 0.0;
  for (let angle = 0; angle < angleCount; angle++) {
    const cosine = angles[angle]![0]!;
    const sine = angles[angle]![1]!;
    const scaled = sourceMm / (sourceMm - x * cosine - y * sine);
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
  return sum * weight;
}
