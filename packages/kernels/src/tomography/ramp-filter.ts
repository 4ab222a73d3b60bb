/** The ramp filter of Ramachandran and Lakshminarayanan (1971) as a convolution, float64. */

/** @param row samples `spacingMm` apart. @returns per mm. */
export function rampFiltered(row: Float64Array, spacingMm: number): Float64Array {
  const squared = spacingMm * spacingMm;
  return Float64Array.from(row, (middle, at) => {
    let sum = middle / (4 * squared);
    // Only odd distances have a weight.
    for (let other = (at + 1) % 2; other < row.length; other += 2)
      sum -= row[other]! / ((at - other) ** 2 * Math.PI ** 2 * squared);
    return sum * spacingMm;
  });
}
