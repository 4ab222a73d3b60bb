/** The rules by which a residue is judged, in float64: its peak among plausible lags, and how much it oscillates. */

/** In steps. Blood cannot arrive much earlier than in the artery, nor later than this: peaks there are echoes of the window's end. */
export type LagRange = { readonly min: number; readonly max: number };

const lagSecondsMin = -5;
const lagSecondsMax = 25;

export function lagRange(stepSeconds: number, timePoints: number): LagRange {
  return {
    min: Math.max(Math.ceil(lagSecondsMin / stepSeconds), -Math.floor(timePoints / 4)),
    max: Math.min(Math.floor(lagSecondsMax / stepSeconds), Math.floor((3 * timePoints) / 4)),
  };
}

export type Peak = {
  /** 0 where no lag has a positive residue. */
  readonly value: number;
  /** Steps, between them by a parabola through the largest and its neighbours. */
  readonly lag: number;
};

/** @param residue from lag 0 on, then the negative lags. */
export function peakOf(residue: readonly number[], { min, max }: LagRange): Peak {
  const at = (lag: number) => residue[(lag + residue.length) % residue.length]!;
  const lags = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  const best = lags.reduce((first, lag) => (at(lag) > at(first) ? lag : first), min);
  const value = at(best);
  if (!(value > 0)) return { value: 0, lag: 0 };
  const bend = at(best - 1) - 2 * value + at(best + 1);
  const shift = bend < 0 ? (at(best - 1) - at(best + 1)) / (2 * bend) : 0;
  return { value, lag: best + Math.min(0.5, Math.max(-0.5, shift)) };
}

/**
 * Sum of the second differences' magnitudes over the peak: about 2.5 for an exponential that begins at once. Wu 2003 divides it by
 * the number of points, so that her limit of 0.035 means another thing for each length of series; 3 is hers for 86 points.
 */
export function oscillationOf(residue: readonly number[], range: LagRange): number {
  const bends = residue
    .slice(2)
    .reduce((sum, value, index) => sum + Math.abs(value - 2 * residue[index + 1]! + residue[index]!), 0);
  return bends / peakOf(residue, range).value;
}
