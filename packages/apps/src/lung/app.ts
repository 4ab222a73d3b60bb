/** Lung density: LAA-950, PD15, mean and volumes of both lungs, by an automatic mask. */
import type { VolumeApplication } from "../application.ts";
import { refuseUnlessAxialCt } from "../ct-acquisition.ts";
import { perVoxel } from "../need-bytes.ts";
import { densitySelfTest } from "../regions/density-self-test.ts";
import { computeLung, lungVersion } from "./compute.ts";
import { lungParameters, type LungParameters } from "./parameters.ts";

export const app: VolumeApplication<LungParameters> = {
  id: "lung",
  version: lungVersion,
  title: { en: "Lung density", fr: "Densité pulmonaire" },
  users: ["radiologist", "clinician"],
  parameters: lungParameters,
  kernels: [densitySelfTest],
  takes: "volume",
  refuses: ([plan]) => plan && refuseUnlessAxialCt(plan),
  suggest: () => ({ lungBelowHu: -500 }),
  /** A plan does not say that a CT shows whole lungs: people ask. */
  propose: () => [],
  /** The volume (4), classes (1), masks of air, airways and both lungs (5), the components of one of them (4), and what is not yet collected. */
  peakBytes: perVoxel(24),
  compute: computeLung,
};
