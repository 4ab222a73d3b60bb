/** Statistics of a histogram of bins of one width (IBSI reference manual, "Intensity histogram features"). */
import type { Values } from "./percentile.ts";

/** Bins are [low + k * width, low + (k + 1) * width). */
export type Bins = { readonly low: number; readonly width: number };

export type HistogramStatistics = {
  /** Shannon's, in bits. */
  readonly entropyBits: number;
  /** Sum of squared probabilities: 1 where all values lie in one bin. */
  readonly uniformity: number;
  /** Centre of the fullest bin; of equally full ones the lowest. */
  readonly mode: number;
};

/** @throws RangeError for no values, for a width that is not positive, and for a value that is no finite number. */
export function histogramStatistics(values: Values, { low, width }: Bins): HistogramStatistics {
  if (values.length === 0) throw new RangeError("statistics of no values");
  if (!(width > 0)) throw new RangeError(`bins of width ${width}`);
  const counts = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    if (!Number.isFinite(bin)) throw new RangeError("statistics of values that are no finite numbers");
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const bins = [...counts].toSorted(([a], [b]) => a - b);
  const shares = bins.map(([, count]) => count / values.length);
  const fullest = Math.max(...counts.values());
  const mode = bins.find(([, count]) => count === fullest)![0];
  return {
    // Adding zero turns the -0 of a single bin into 0.
    entropyBits: -shares.reduce((sum, share) => sum + share * Math.log2(share), 0) + 0,
    uniformity: shares.reduce((sum, share) => sum + share * share, 0),
    mode: low + (mode + 0.5) * width,
  };
}
