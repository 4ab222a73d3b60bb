/** The deconvolution needs equal steps: how the points in time that were acquired become such. */

/** Value at a step: `frames[frame] * (1 - fraction) + frames[frame + 1] * fraction`. */
export type TimeStep = { readonly frame: number; readonly fraction: number };

export type TimeAxis = {
  readonly stepSeconds: number;
  readonly steps: readonly TimeStep[];
  /** False where the times were equally spaced already, and nothing is interpolated. */
  readonly resampled: boolean;
};

/** Times that differ from the grid by less than this fraction of a step are the grid. */
const sameStep = 0.05;

/** @param timesSeconds rising, at least two. Steps of the median interval; linear in between. */
export function timeAxis(timesSeconds: readonly number[]): TimeAxis {
  const first = timesSeconds[0]!;
  const stepSeconds = medianInterval(timesSeconds);
  const regular = timesSeconds.every(
    (time, index) => Math.abs(time - first - index * stepSeconds) <= sameStep * stepSeconds,
  );
  if (regular) {
    const last = timesSeconds.length - 1;
    const steps = timesSeconds.map((_, frame) => ({ frame, fraction: 0 }));
    return { stepSeconds: (timesSeconds[last]! - first) / last, steps, resampled: false };
  }
  const count = Math.floor((timesSeconds.at(-1)! - first) / stepSeconds + 1e-9) + 1;
  const steps = Array.from({ length: count }, (_, step) => stepAt(timesSeconds, first + step * stepSeconds));
  return { stepSeconds, steps, resampled: true };
}

export function medianInterval(timesSeconds: readonly number[]): number {
  const sorted = timesSeconds
    .slice(1)
    .map((time, index) => time - timesSeconds[index]!)
    .toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function stepAt(timesSeconds: readonly number[], seconds: number): TimeStep {
  const after = timesSeconds.findIndex((time) => time > seconds);
  const frame = after < 0 ? timesSeconds.length - 1 : Math.max(0, after - 1);
  const next = timesSeconds[frame + 1];
  const fraction = next === undefined ? 0 : (seconds - timesSeconds[frame]!) / (next - timesSeconds[frame]!);
  return { frame, fraction };
}

/** One array per step, of the same voxels. */
export function onTimeAxis(frames: readonly Float32Array[], axis: TimeAxis): readonly Float32Array[] {
  if (!axis.resampled) return frames;
  return axis.steps.map(({ frame, fraction }) => {
    const next = frames[frame + 1];
    if (fraction === 0 || !next) return frames[frame]!;
    return frames[frame]!.map((value, voxel) => value * (1 - fraction) + next[voxel]! * fraction);
  });
}
