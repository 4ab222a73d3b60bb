/** The arterial input function and the venous output function: found among the curves, or averaged over chosen voxels. */
import { refusal, type Refusal } from "@releve/domain/refusal";

export type InputFunction = {
  /** Per time step. */
  readonly curve: readonly number[];
  /** Positions among the curves that were averaged. */
  readonly voxels: readonly number[];
};

/** Averaged at most; one voxel alone would carry its noise into every result. */
const voxelsMax = 10;
/** A vessel's peak is at least this much of the highest one's, and this much higher than the median one's. */
const vesselFraction = 0.25;
const vesselToTissueMin = 3;
/** Steps. One noisy point, smoothed, is 2 wide. */
const widthMin = 2.4;
/** The others that are averaged are at least this good beside the best. */
const nearBest = 0.7;

type Bolus = {
  readonly voxel: number;
  readonly peak: number;
  readonly peakStep: number;
  /** Full width at half of the peak, steps. */
  readonly width: number;
  readonly area: number;
};

/**
 * Early, high and narrow: among the voxels whose peak reaches a quarter of the highest, those with the largest
 * peak / (width * (1 s + time of the peak after the earliest)). Peak and width are taken of the curve smoothed by (1 2 1) / 4.
 * @param curves one array per time step.
 */
export function findAif(curves: readonly Float32Array[], stepSeconds: number): InputFunction | Refusal {
  const vessels = findVessels(curves);
  if (!vessels) return notFound("artery");
  const earliest = Math.min(...vessels.map(({ peakStep }) => peakStep));
  const score = ({ peak, width, peakStep }: Bolus) =>
    peak / (width * stepSeconds * (1 + (peakStep - earliest) * stepSeconds));
  return averageBest(curves, vessels, score);
}

/** Late and large: the largest area under the curve among vessels that peak after the artery. */
export function findVof(curves: readonly Float32Array[], aif: InputFunction): InputFunction | Refusal {
  const aifPeak = aif.curve.indexOf(Math.max(...aif.curve));
  const later = findVessels(curves)?.filter(({ peakStep }) => peakStep > aifPeak) ?? [];
  return later.length > 0 ? averageBest(curves, later, ({ area }) => area) : notFound("vein");
}

const notFound = (vessel: string) =>
  refusal(
    vessel === "artery" ? "AIF_NOT_FOUND" : "VOF_NOT_FOUND",
    `No ${vessel} stands out among the curves: its voxels must be marked by hand.`,
  );

export function averageOf(curves: readonly Float32Array[], voxels: readonly number[]): InputFunction {
  return {
    curve: curves.map((step) => voxels.reduce((sum, voxel) => sum + step[voxel]!, 0) / voxels.length),
    voxels,
  };
}

/** An artery smaller than a voxel is diluted; a large vein is not, and the areas under both must be equal. */
export function scaledToVein(aif: InputFunction, vof: InputFunction): { aif: InputFunction; factor: number } {
  const area = ({ curve }: InputFunction) => curve.reduce((sum, value) => sum + value, 0);
  const factor = Math.max(1, area(vof) / area(aif));
  return { aif: { ...aif, curve: aif.curve.map((value) => value * factor) }, factor };
}

function averageBest(
  curves: readonly Float32Array[],
  boluses: readonly Bolus[],
  score: (bolus: Bolus) => number,
): InputFunction {
  const ranked = boluses
    .map((bolus) => ({ bolus, score: score(bolus) }))
    .toSorted((a, b) => b.score - a.score);
  const best = ranked.slice(0, voxelsMax).filter((each) => each.score >= nearBest * ranked[0]!.score);
  return averageOf(
    curves,
    best.map(({ bolus }) => bolus.voxel),
  );
}

function findVessels(curves: readonly Float32Array[]): readonly Bolus[] | undefined {
  const peaks = peakHeights(curves);
  const sorted = peaks.filter((peak) => peak > 0).toSorted();
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const least = Math.max(vesselFraction * (sorted.at(-1) ?? 0), vesselToTissueMin * median);
  const vessels = [...peaks.keys()].filter((voxel) => peaks[voxel]! > 0 && peaks[voxel]! >= least);
  const boluses = vessels.map((voxel) => bolusOf(curves, voxel)).filter(({ width }) => width >= widthMin);
  return boluses.length > 0 ? boluses : undefined;
}

function smoothed(curves: readonly Float32Array[], voxel: number, step: number): number {
  const before = curves[Math.max(0, step - 1)]![voxel]!;
  const after = curves[Math.min(curves.length - 1, step + 1)]![voxel]!;
  return (before + 2 * curves[step]![voxel]! + after) / 4;
}

/** NaN where a voxel was not measured throughout. */
function peakHeights(curves: readonly Float32Array[]): Float32Array {
  const peaks = new Float32Array(curves[0]!.length).fill(Number.NEGATIVE_INFINITY);
  for (const step of curves.keys())
    for (let voxel = 0; voxel < peaks.length; voxel++)
      peaks[voxel] = Math.max(peaks[voxel]!, smoothed(curves, voxel, step));
  return peaks;
}

function bolusOf(curves: readonly Float32Array[], voxel: number): Bolus {
  const curve = curves.map((_, step) => smoothed(curves, voxel, step));
  const peak = Math.max(...curve);
  const peakStep = curve.indexOf(peak);
  const crossing = (direction: 1 | -1) => {
    let step = peakStep;
    while (curve[step + direction] !== undefined && curve[step + direction]! > peak / 2) step += direction;
    const beyond = curve[step + direction];
    return beyond === undefined
      ? step
      : step + (direction * (curve[step]! - peak / 2)) / (curve[step]! - beyond);
  };
  const area = curves.reduce((sum, step) => sum + step[voxel]!, 0);
  return { voxel, peak, peakStep, width: crossing(1) - crossing(-1), area };
}
