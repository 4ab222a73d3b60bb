/**
 * Deconvolution of one voxel's curve by a row of the truncated inverse (truncated-inverses.ts). Two kernels: the first finds how
 * much truncation the voxel needs, the second the residue's peak with it. The sums are compensated: the inverse's terms are
 * large and of both signs.
 *
 * gpu.js compiles them from their source text: plain arithmetic, nothing from this module.
 */
/* oxlint-disable complexity, max-depth, oxc/no-this-in-exported-function -- gpu.js kernels, see above */
import type { VoxelKernel } from "@releve/kernels/kernel-runner";

type Thread = { readonly thread: { readonly x: number; readonly y: number } };

/** Of the padded curve. */
export const paddedSizeMax = 2048;

export const truncationKernel: VoxelKernel = {
  name: "perfusion-truncation",
  run: leastTruncation,
  loopMaxIterations: paddedSizeMax,
};

export const residueKernel: VoxelKernel = {
  name: "perfusion-residue",
  run: residuePeak,
  loopMaxIterations: paddedSizeMax,
};

/**
 * The first row of `inverse` whose residue oscillates less than `oscillationMax`, found by halving `rounds` times: more truncation
 * oscillates less. The last row where none is calm enough.
 */
export function leastTruncation(
  this: Thread,
  samples: number[][],
  inverse: number[][],
  count: number,
  lagMax: number,
  lagMin: number,
  levels: number,
  oscillationMax: number,
  rounds: number,
  size: number,
): number {
  let low = 0.0;
  let high = levels - 1;
  for (let round = 0; round < rounds; round++) {
    const middle = Math.floor((low + high) / 2);
    let peak = 0.0;
    let bends = 0.0;
    let bendsLost = 0.0;
    let before = 0.0;
    let beforeThat = 0.0;
    for (let n = 0; n < size; n++) {
      let value = 0.0;
      let lost = 0.0;
      for (let t = 0; t < count; t++) {
        const term = inverse[middle]![n - t + size]! * samples[this.thread.x]![t]! - lost;
        const next = value + term;
        lost = next - value - term;
        value = next;
      }
      if (n > 1.5) {
        const term = Math.abs(value - 2 * before + beforeThat) - bendsLost;
        const next = bends + term;
        bendsLost = next - bends - term;
        bends = next;
      }
      if (n <= lagMax || n >= size + lagMin) peak = Math.max(peak, value);
      beforeThat = before;
      before = value;
    }
    if (low < high) {
      if (peak > 0 && bends < oscillationMax * peak) high = middle;
      else low = middle + 1;
    }
  }
  return low;
}

/**
 * The voxel's row of `inverse` is its last sample. Output 0: the largest residue from `lagMin` to `lagMax`, 0 where none is
 * positive; output 1: its lag in steps, between them by a parabola.
 */
export function residuePeak(
  this: Thread,
  samples: number[][],
  inverse: number[][],
  count: number,
  lagMax: number,
  lagMin: number,
  size: number,
): number {
  const level = samples[this.thread.x]![count]!;
  let peak = 0.0;
  let lag = 0.0;
  let left = 0.0;
  let right = 0.0;
  let before = 0.0;
  let follows = 0.0;
  for (let n = lagMin - 1; n <= lagMax + 1; n += 1) {
    let value = 0.0;
    let lost = 0.0;
    for (let t = 0; t < count; t++) {
      const term = inverse[level]![n - t + size]! * samples[this.thread.x]![t]! - lost;
      const next = value + term;
      lost = next - value - term;
      value = next;
    }
    if (follows > 0.5) right = value;
    follows = 0;
    if (n > lagMin - 0.5 && n < lagMax + 0.5 && value > peak) {
      peak = value;
      lag = n;
      left = before;
      follows = 1;
    }
    before = value;
  }
  let result = peak;
  if (this.thread.y > 0.5) {
    const bend = left - 2 * peak + right;
    let shift = 0.0;
    if (bend < 0) shift = Math.min(0.5, Math.max(-0.5, (left - right) / (2 * bend)));
    result = lag + shift;
  }
  return result;
}
