/** From signals to what is proportional to the contrast agent's concentration, and where the bolus begins. */
import { refusal, type Refusal } from "@releve/domain/refusal";

export type Baseline = {
  /** First and last frame before the bolus, inclusive. */
  readonly first: number;
  readonly last: number;
};

/** Voxels that change this much beside the one that changes most show when the bolus arrives: arteries among them first. */
const vesselFraction = 0.25;
/** The first image is the zero by which arrival is judged, so that one alone proves nothing. */
const baselineFramesMin = 2;
/** Of its own peak: below it before the peak, a voxel has no contrast agent yet. */
const arrivalFraction = 0.1;
/** The artery is among the earliest, but the very earliest may be noise. */
const earlyQuantile = 0.1;

/**
 * @param frames of the voxels of interest, over time.
 * @param sign 1 where contrast raises the signal (CT), -1 where it lowers it (MR).
 */
export function findBaseline(
  frames: readonly Float32Array[],
  sign: 1 | -1,
  skippedFrames: number,
): Baseline | Refusal {
  const kept = frames.slice(skippedFrames);
  if (kept.length === 0) return refusal("TOO_FEW_TIME_POINTS", "All images are skipped.");
  const vessels = changingVoxels(kept, sign);
  if (vessels.length === 0)
    return refusal("NO_BOLUS", "The signal does not change: no contrast agent arrives.");
  const lasts = vessels.map((voxel) =>
    lastBefore(kept.map((frame) => sign * (frame[voxel]! - kept[0]![voxel]!))),
  );
  const last = lasts.toSorted((a, b) => a - b)[Math.floor(earlyQuantile * lasts.length)]!;
  if (last + 1 < baselineFramesMin)
    return refusal(
      "NO_BASELINE",
      "Contrast agent arrives before the second image: nothing shows the tissue without it.",
    );
  return { first: skippedFrames, last: skippedFrames + last };
}

/** The last point before the peak at which there is no contrast agent yet; the first one is the zero by which the others are judged. */
function lastBefore(curve: readonly number[]): number {
  const peak = curve.indexOf(Math.max(...curve));
  return curve.slice(0, peak).findLastIndex((value) => value < arrivalFraction * curve[peak]!);
}

function changingVoxels(frames: readonly Float32Array[], sign: 1 | -1): readonly number[] {
  const [start] = frames;
  const change = new Float32Array(start!.length);
  for (const frame of frames)
    for (let voxel = 0; voxel < change.length; voxel++)
      change[voxel] = Math.max(change[voxel]!, sign * (frame[voxel]! - start![voxel]!));
  const most = change.reduce((largest, value) => (value > largest ? value : largest), 0);
  return [...change.keys()].filter((voxel) => change[voxel]! > 0 && change[voxel]! >= vesselFraction * most);
}

export function baselineMean(frames: readonly Float32Array[], { first, last }: Baseline): Float32Array {
  const mean = new Float32Array(frames[first]!.length);
  for (let frame = first; frame <= last; frame++)
    for (let voxel = 0; voxel < mean.length; voxel++)
      mean[voxel]! += frames[frame]![voxel]! / (last - first + 1);
  return mean;
}

/** A signal this small beside its baseline is nothing but noise; its logarithm would be without bound. */
const signalFractionMin = 1e-3;

/**
 * CT: enhancement in HU, linear in the concentration of iodine. MR: -ln(S / S0), which is TE times the change of R2* and linear in
 * the concentration of gadolinium; TE and relaxivity cancel in the deconvolution, as far as the latter is the same in vessel
 * and tissue.
 */
export function concentrations(
  frames: readonly Float32Array[],
  baseline: Float32Array,
  modality: string,
): readonly Float32Array[] {
  if (modality === "CT") return frames.map((frame) => frame.map((value, voxel) => value - baseline[voxel]!));
  return frames.map((frame) =>
    frame.map((value, voxel) => {
      const before = baseline[voxel]!;
      return before > 0 ? -Math.log(Math.max(value / before, signalFractionMin)) : Number.NaN;
    }),
  );
}
