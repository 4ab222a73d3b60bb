/** Order statistics of a region's values. */

export type Values = Float32Array | Float64Array | readonly number[];

/** A sorted copy in float64. @throws RangeError for no values, or for one that is no finite number. */
export function sortedValues(values: Values): Float64Array {
  if (values.length === 0) throw new RangeError("statistics of no values");
  const sorted = Float64Array.from(values);
  // oxlint-disable-next-line unicorn/no-array-sort -- this is the copy; another would double the memory
  sorted.sort();
  // Sorting puts -Infinity first, and Infinity and NaN last.
  if (!Number.isFinite(sorted[0]) || !Number.isFinite(sorted.at(-1)))
    throw new RangeError("statistics of values that are no finite numbers");
  return sorted;
}

/**
 * The percentile of sorted values, linear between neighbours in rank: Hyndman and Fan's seventh definition, which is that of
 * numpy and R. @param percent 0 to 100
 */
export function percentileOf(sorted: Float64Array, percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}
