/**
 * First-order statistics of a region's values by the definitions of the Image Biomarker Standardisation Initiative (IBSI reference
 * manual, "Intensity-based statistical features"): the population's moments (divided by n, not n - 1), kurtosis in excess of 3.
 * Float64, in two passes, so that a large mean costs no digits.
 */
import { percentileOf, sortedValues, type Values } from "./percentile.ts";

export type FirstOrderStatistics = {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  readonly standardDeviation: number;
  /** 0 where all values are equal, as IBSI says. */
  readonly skewness: number;
  /** In excess of a normal distribution's 3; 0 where all values are equal. */
  readonly excessKurtosis: number;
  readonly median: number;
  readonly minimum: number;
  readonly percentile10: number;
  readonly percentile90: number;
  readonly maximum: number;
  readonly interquartileRange: number;
  readonly range: number;
  readonly meanAbsoluteDeviation: number;
  /** Of the values from the 10th to the 90th percentile, from their own mean. */
  readonly robustMeanAbsoluteDeviation: number;
  readonly medianAbsoluteDeviation: number;
  /** Standard deviation over mean. */
  readonly coefficientOfVariation: number;
  readonly quartileCoefficientOfDispersion: number;
  /** Sum of squares. */
  readonly energy: number;
  readonly rootMeanSquare: number;
};

/** @throws RangeError for no values, or for one that is no finite number: a region is cleared of padding before it is measured. */
export function firstOrderStatistics(values: Values): FirstOrderStatistics {
  const sorted = sortedValues(values);
  const moments = momentsOf(sorted);
  const [p10, p25, median, p75, p90] = [10, 25, 50, 75, 90].map((percent) =>
    percentileOf(sorted, percent),
  ) as [number, number, number, number, number];
  const [minimum, maximum] = [sorted[0]!, sorted.at(-1)!];
  const energy = sumOf(sorted, (value) => value * value);
  const robust = sorted.filter((value) => value >= p10 && value <= p90);
  return {
    ...moments,
    median,
    minimum,
    percentile10: p10,
    percentile90: p90,
    maximum,
    interquartileRange: p75 - p25,
    range: maximum - minimum,
    meanAbsoluteDeviation: meanDistance(sorted, moments.mean),
    robustMeanAbsoluteDeviation: meanDistance(robust, sumOf(robust, (value) => value) / robust.length),
    medianAbsoluteDeviation: meanDistance(sorted, median),
    coefficientOfVariation: moments.standardDeviation / moments.mean,
    quartileCoefficientOfDispersion: (p75 - p25) / (p75 + p25),
    energy,
    rootMeanSquare: Math.sqrt(energy / sorted.length),
  };
}

function momentsOf(values: Float64Array) {
  const count = values.length;
  const mean = sumOf(values, (value) => value) / count;
  const central = (power: number) => sumOf(values, (value) => (value - mean) ** power) / count;
  const variance = central(2);
  return {
    count,
    mean,
    variance,
    standardDeviation: Math.sqrt(variance),
    skewness: variance > 0 ? central(3) / variance ** 1.5 : 0,
    excessKurtosis: variance > 0 ? central(4) / variance ** 2 - 3 : 0,
  };
}

function meanDistance(values: Float64Array, from: number): number {
  return sumOf(values, (value) => Math.abs(value - from)) / values.length;
}

/** Neumaier's compensated sum: millions of voxels cost no digits. */
function sumOf(values: Float64Array, term: (value: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = term(value);
    const total = sum + next;
    lost += Math.abs(sum) >= Math.abs(next) ? sum - total + next : next - total + sum;
    sum = total;
  }
  return sum + lost;
}
