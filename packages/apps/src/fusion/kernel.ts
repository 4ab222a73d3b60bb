/**
 * The colour of one pixel: the CT in grey and the PET through a palette, mixed. gpu.js compiles it from its source text: plain
 * arithmetic, nothing from this module. One packed number per pixel: 24 bits are exact in a 32-bit float.
 */
/* oxlint-disable oxc/no-this-in-exported-function -- a gpu.js kernel, see above */
import type { VoxelKernel } from "@releve/kernels/kernel-runner";

export const blendKernel: VoxelKernel = { name: "fusion", run: blend, loopMaxIterations: 1 };

/**
 * `samples`: CT in HU, PET in its own values. `palette`: 256 rows of red, green, blue. `alpha`: the palette's share. The CT is
 * black at `ctLow` and white `ctWidth` above it, the PET reaches the palette's end at `petTop`.
 * @returns (red * 256 + green) * 256 + blue
 */
export function blend(
  this: { readonly thread: { readonly x: number; readonly y: number } },
  samples: number[][],
  palette: number[][],
  alpha: number,
  ctLow: number,
  ctWidth: number,
  petTop: number,
): number {
  const ct = samples[this.thread.x]![0]!;
  const pet = samples[this.thread.x]![1]!;
  const grey = Math.min(Math.max((ct - ctLow) / ctWidth, 0), 1) * 255 * (1 - alpha);
  const entry = Math.floor(Math.min(Math.max(pet / petTop, 0), 1) * 255 + 0.5);
  const red = Math.floor(grey + alpha * palette[entry]![0]! + 0.5);
  const green = Math.floor(grey + alpha * palette[entry]![1]! + 0.5);
  const blue = Math.floor(grey + alpha * palette[entry]![2]! + 0.5);
  return (red * 256 + green) * 256 + blue;
}
