/** The ADC of one voxel in float64, as the formula stands: weighted least squares of ln S over b, with centred sums. */
import type { BLevel } from "./b-levels.ts";

export type AdcFit = {
  readonly um2PerS: number;
  /** Geometric mean of the signals at the highest b-value. */
  readonly trace: number;
};

/** @param signals one per volume, in the plans' order. NaN for a signal that has no logarithm. */
export function adcReference(
  signals: readonly number[],
  levels: readonly BLevel[],
  weighting: "none" | "signal",
): AdcFit {
  const points = levels.map(({ bValue, volumes }) => {
    const logs = volumes.map((index) => Math.log(signals[index]! > 0 ? signals[index]! : Number.NaN));
    const logSignal = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const weight = volumes.length * (weighting === "signal" ? Math.exp(2 * logSignal) : 1);
    return { bValue, logSignal, weight };
  });
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const meanB = points.reduce((sum, { weight, bValue }) => sum + weight * bValue, 0) / total;
  const meanLog = points.reduce((sum, { weight, logSignal }) => sum + weight * logSignal, 0) / total;
  const covariance = points.reduce(
    (sum, { weight, bValue, logSignal }) => sum + weight * (bValue - meanB) * (logSignal - meanLog),
    0,
  );
  const variance = points.reduce((sum, { weight, bValue }) => sum + weight * (bValue - meanB) ** 2, 0);
  return { um2PerS: (-covariance / variance) * 1e6, trace: Math.exp(points.at(-1)!.logSignal) };
}
