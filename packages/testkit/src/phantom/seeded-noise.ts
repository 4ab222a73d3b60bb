/** Normal noise that is the same for the same seed. Sum of four uniform draws of a 32-bit generator (mulberry32). */
export function seededNoise(seed: number, standardDeviation: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  // A uniform draw has variance 1/12, four of them 1/3.
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3) * standardDeviation;
}
