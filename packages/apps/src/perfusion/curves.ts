/** The volumes over time as curves of the brain's voxels. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { ComputeInput } from "../application.ts";
import { realValues } from "../real-values.ts";
import { brainMask } from "./brain-mask.ts";
import { baselineMean, concentrations, findBaseline, type Baseline } from "./concentration.ts";
import { findMotions, type Motions } from "./find-motions.ts";
import { movedValues } from "./moved-values.ts";
import type { PerfusionParameters } from "./parameters.ts";
import { onTimeAxis, timeAxis, type TimeAxis } from "./time-axis.ts";

export type Curves = {
  readonly axis: TimeAxis;
  readonly baseline: Baseline;
  /** The brain's voxels, by index in the grid, rising. */
  readonly voxels: Int32Array;
  /** One array per time step, of these voxels. */
  readonly steps: readonly Float32Array[];
  readonly motions: Motions;
};

/** Images before the bolus that show where the brain is; one alone is noisy. */
const maskFrames = 3;

/** @param inputs in the order of their times. */
export async function readCurves(
  inputs: readonly ComputeInput[],
  timesSeconds: readonly number[],
  { skippedFrames, motion }: Pick<PerfusionParameters, "skippedFrames" | "motion">,
  signal: AbortSignal,
): Promise<Curves | Refusal> {
  const { modality, geometry } = inputs[0]!.plan;
  const first = inputs
    .slice(skippedFrames, skippedFrames + maskFrames)
    .map(({ volume }) => realValues(volume));
  if (first.length < maskFrames) return refusal("TOO_FEW_TIME_POINTS", "Too many images are skipped.");
  const early = baselineMean(first, { first: 0, last: maskFrames - 1 });
  const mask = brainMask(early, geometry, modality);
  const voxels = Int32Array.from([...mask.keys()].filter((voxel) => mask[voxel] === 1));
  if (voxels.length === 0) return refusal("NO_BRAIN", "No voxel has the values of brain.");
  const motions = await findMotions(inputs, early, motion, signal);
  if (isRefusal(motions)) return motions;
  const axis = timeAxis(timesSeconds);
  const frames = onTimeAxis(await framesAt(inputs, voxels, motions), axis);
  const baseline = findBaseline(frames, modality === "CT" ? 1 : -1, skippedFrames);
  if (isRefusal(baseline)) return baseline;
  const steps = concentrations(frames, baselineMean(frames, baseline), modality);
  return { axis, baseline, voxels, steps, motions };
}

/** Of other voxels than the brain's: a person may choose an artery outside of it. */
export async function curvesAt(
  inputs: readonly ComputeInput[],
  voxels: Int32Array,
  { axis, baseline, motions }: Curves,
): Promise<readonly Float32Array[]> {
  const frames = onTimeAxis(await framesAt(inputs, voxels, motions), axis);
  return concentrations(frames, baselineMean(frames, baseline), inputs[0]!.plan.modality);
}

async function framesAt(
  inputs: readonly ComputeInput[],
  voxels: Int32Array,
  { applied }: Motions,
): Promise<readonly Float32Array[]> {
  const frames: Float32Array[] = [];
  for (const [index, { volume }] of inputs.entries()) {
    frames.push(movedValues(volume, voxels, applied[index]!));
    await nextTurn();
  }
  return frames;
}
