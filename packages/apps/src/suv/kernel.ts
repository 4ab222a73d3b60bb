/** SUV of one voxel. gpu.js compiles it from its source text: plain arithmetic, nothing from this module. */
/* oxlint-disable oxc/no-this-in-exported-function -- a gpu.js kernel, see above */
import type { VoxelKernel } from "@releve/kernels/kernel-runner";

export const suvKernel: VoxelKernel = { name: "suv", run: scaleToSuv, loopMaxIterations: 1 };

/** `factor`: SUV per real-world value. */
export function scaleToSuv(
  this: { readonly thread: { readonly x: number; readonly y: number } },
  samples: number[][],
  factor: number,
): number {
  return samples[this.thread.x]![0]! * factor;
}
