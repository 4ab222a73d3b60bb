/** The head's motion over a series, and what is done about it. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { ComputeInput } from "../application.ts";
import { inThread } from "../in-thread.ts";
import { farthestMm, still, type Motion } from "./head-motion.ts";
import type { MotionWork } from "./motion-thread.ts";

export type Motions = {
  /** By which each image is read; `still` for all where nothing is corrected. */
  readonly applied: readonly Motion[];
  /** The farthest in any image, mm at the head's edge. */
  readonly mostMm: number;
  /** The image of it, from 1. */
  readonly image: number;
};

/** Of what images within so little of each other show, half is the estimate's own error. */
const correctedFromMm = 1;
/** Beyond this slices have left the picture, or it is no head that moves. */
const largestMm = 25;

const threadModule = new URL("./motion-thread.ts", import.meta.url);

/** @param reference mean of the first images that count */
export async function findMotions(
  inputs: readonly ComputeInput[],
  reference: Float32Array,
  mode: "correct" | "leave",
  signal: AbortSignal,
): Promise<Motions | Refusal> {
  const { modality } = inputs[0]!.plan;
  const work: MotionWork = { volumes: inputs.map(({ volume }) => volume), reference, modality };
  const found = await inThread<readonly Motion[]>(threadModule, work, signal);
  const distances = found.map(farthestMm);
  const mostMm = Math.max(...distances);
  const image = distances.indexOf(mostMm) + 1;
  if (mode === "correct" && mostMm > largestMm)
    return refusal(
      "MOTION_TOO_LARGE",
      `In image ${image} the head has moved by ${mostMm.toFixed(1)} mm; at most ${largestMm} mm are corrected.`,
    );
  const corrects = mode === "correct" && mostMm >= correctedFromMm;
  return { applied: corrects ? found : found.map(() => still), mostMm, image };
}

export function motionRemark({ applied, mostMm, image }: Motions): string {
  const most = `${mostMm.toFixed(1)} mm at its edge (image ${image})`;
  const unseen = "Nodding, and motion across the slices, are not seen.";
  if (applied.some((motion) => motion !== still))
    return `The head moves by up to ${most}: shift and turn within the slices are corrected, all slices together. ${unseen}`;
  if (mostMm >= correctedFromMm)
    return `The head moves by up to ${most}: as asked, that is not corrected. ${unseen}`;
  return `The head keeps still to ${correctedFromMm} mm within the slices: nothing is corrected. ${unseen}`;
}
