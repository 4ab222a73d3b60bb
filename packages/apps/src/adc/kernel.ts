/**
 * The fit of README.md, one voxel at a time: output 0 is the ADC in um2/s, output 1 the geometric mean of the signals at the
 * highest b-value.
 *
 * gpu.js compiles it from its source text: plain arithmetic, nothing from this module.
 */
/* oxlint-disable complexity, oxc/no-this-in-exported-function -- one gpu.js kernel, see above */
import type { VoxelKernel } from "@releve/kernels/kernel-runner";

/** The longest loop: over the volumes of one b-value, or over the b-values. */
export const adcVolumesMax = 1024;

export const adcKernel: VoxelKernel = { name: "adc", run: fitAdc, loopMaxIterations: adcVolumesMax };

/**
 * `levels`: per b-value, ascending, how far it lies above the lowest one as a fraction of `bRange` (s/mm2), its first frame and
 * its number of frames. A voxel without signal in any frame, or with less than `signalMin` at the lowest b-value, is `outside`.
 */
export function fitAdc(
  this: { readonly thread: { readonly x: number; readonly y: number } },
  samples: number[][],
  levels: number[][],
  bRange: number,
  levelCount: number,
  outside: number,
  signalMin: number,
  weighted: number,
): number {
  let missing = 0.0;
  let lowest = 0.0;
  let mean = 0.0;
  let sumW = 0.0;
  let sumX = 0.0;
  let sumY = 0.0;
  let sumXX = 0.0;
  let sumXY = 0.0;
  for (let level = 0; level < levelCount; level++) {
    const first = levels[level]![1]!;
    const count = levels[level]![2]!;
    let logs = 0.0;
    for (let frame = first; frame < first + count; frame += 1) {
      const signal = samples[this.thread.x]![frame]!;
      if (signal > 0) logs = logs + Math.log(signal);
      else missing = 1;
    }
    mean = logs / count;
    if (level < 0.5) lowest = mean;
    // From the lowest b-value on, so that float32 keeps the differences.
    const x = levels[level]![0]!;
    const y = mean - lowest;
    let weight = count;
    if (weighted > 0.5) weight = count * Math.exp(2 * y);
    sumW = sumW + weight;
    sumX = sumX + weight * x;
    sumY = sumY + weight * y;
    sumXX = sumXX + weight * x * x;
    sumXY = sumXY + weight * x * y;
  }
  let result = outside;
  const determinant = sumW * sumXX - sumX * sumX;
  if (missing < 0.5 && Math.exp(lowest) >= signalMin && determinant > 0) {
    result = Math.exp(mean);
    if (this.thread.y < 0.5) result = ((sumX * sumY - sumW * sumXY) / determinant / bRange) * 1e6;
  }
  return result;
}
