/**
 * What the truncation does to a residue whose true shape is known: an exponential that begins with the artery. Sampled, windowed
 * and deconvolved like the data, it shows a peak that is too low and too late. As the apparent mean transit time rises with the
 * true one, the true one can be read off.
 */
import { residueOf, type TruncatedInverse } from "./truncated-inverses.ts";
import { peakOf, type LagRange } from "./residue-peak.ts";

/** One point of a truncation's table, by rising `apparentSeconds`. */
export type ModelPoint = {
  /** Area over peak of the truncated residue. */
  readonly apparentSeconds: number;
  /** True over apparent mean transit time. */
  readonly factor: number;
  /** By how much the truncated residue peaks after its beginning. */
  readonly lagSeconds: number;
};

/** From a transit faster than any tissue's to one slower than the window can tell. */
const transitSecondsMin = 1.5;
const transitSecondsMax = 30;
const transitRatio = 1.1;

/** One table for each inverse; it ends where the apparent time rises no more, because the window is too short. */
export function truncationModel(
  aif: readonly number[],
  stepSeconds: number,
  inverses: readonly TruncatedInverse[],
  range: LagRange,
): readonly (readonly ModelPoint[])[] {
  const count = Math.floor(Math.log(transitSecondsMax / transitSecondsMin) / Math.log(transitRatio)) + 1;
  const transits = Array.from({ length: count }, (_, index) => transitSecondsMin * transitRatio ** index);
  const area = aif.reduce((sum, value) => sum + value, 0);
  const curves = transits.map((transitSeconds) => exponentialCurve(aif, stepSeconds, transitSeconds));
  return inverses.map((inverse) => {
    const points = curves.map((curve, index) => {
      const peak = peakOf(residueOf(inverse, curve), range);
      const apparentSeconds = curve.reduce((sum, value) => sum + value, 0) / area / peak.value;
      const factor = transits[index]! / apparentSeconds;
      return { apparentSeconds, factor, lagSeconds: peak.lag * stepSeconds };
    });
    return rising(points);
  });
}

function rising(points: readonly ModelPoint[]): readonly ModelPoint[] {
  const end = points.findIndex(
    ({ apparentSeconds }, index) => index > 0 && !(apparentSeconds > points[index - 1]!.apparentSeconds),
  );
  return end < 0 ? points : points.slice(0, end);
}

/** exp(-t / transit) convolved with the artery's curve, which is taken as linear from point to point: exact. */
export function exponentialCurve(
  aif: readonly number[],
  stepSeconds: number,
  transitSeconds: number,
): number[] {
  const decay = Math.exp(-stepSeconds / transitSeconds);
  const constant = transitSeconds * (1 - decay);
  const slope = transitSeconds - (transitSeconds * constant) / stepSeconds;
  const curve: number[] = [0];
  for (let step = 1; step < aif.length; step++) {
    const [from, to] = [aif[step - 1]!, aif[step]!];
    curve.push(curve[step - 1]! * decay + from * constant + (to - from) * slope);
  }
  return curve;
}

/** Linear between the points; beyond them as at the last one. */
export function correctionFor(
  points: readonly ModelPoint[],
  apparentSeconds: number,
): Pick<ModelPoint, "factor" | "lagSeconds"> {
  const after = points.findIndex((point) => point.apparentSeconds >= apparentSeconds);
  if (after <= 0) return after === 0 ? points[0]! : points.at(-1)!;
  const [low, high] = [points[after - 1]!, points[after]!];
  const part = (apparentSeconds - low.apparentSeconds) / (high.apparentSeconds - low.apparentSeconds);
  return {
    factor: low.factor + part * (high.factor - low.factor),
    lagSeconds: low.lagSeconds + part * (high.lagSeconds - low.lagSeconds),
  };
}
