/** The motion of every image in a thread of its own: tenths of a second for each, and there are dozens. */
import type { Volume } from "@releve/domain/volume";
import { answer } from "../in-thread.ts";
import { realValues } from "../real-values.ts";
import { motionFinder, type Motion } from "./head-motion.ts";

export type MotionWork = {
  readonly volumes: readonly Volume[];
  readonly reference: Float32Array;
  readonly modality: string;
};

answer(motionsOf, () => []);

function motionsOf({ volumes, reference, modality }: MotionWork): readonly Motion[] {
  const find = motionFinder(reference, volumes[0]!.geometry, modality);
  return volumes.map((volume) => find(realValues(volume)));
}
