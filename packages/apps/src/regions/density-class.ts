/**
 * In which class of density a voxel lies: how many of the rising `bounds` its value reaches.
 *
 * gpu.js compiles the function from its source text: plain arithmetic, nothing from this module.
 */
import type { VoxelKernel } from "@releve/kernels/kernel-runner";

/** The longest loop: over the bounds. */
export const boundsMax = 16;

export const densityClass: VoxelKernel = {
  name: "density-class",
  run: function densityClass(
    this: { readonly thread: { readonly x: number; readonly y: number } },
    samples: number[][],
    bounds: number[][],
    count: number,
  ): number {
    const value = samples[this.thread.x]![0]!;
    let reached = 0.0;
    for (let bound = 0; bound < count; bound++) if (value >= bounds[0]![bound]!) reached = reached + 1;
    return reached;
  },
  loopMaxIterations: boundsMax,
};
