/** Calcium score: Agatston, volume and mass, per vessel by a reader's labels. */
import type { VolumeApplication } from "../application.ts";
import { refuseUnlessAxialCt } from "../ct-acquisition.ts";
import { perVoxel } from "../need-bytes.ts";
import { densitySelfTest } from "../regions/density-self-test.ts";
import { calciumVersion, computeCalcium } from "./compute.ts";
import { calciumParameters, type CalciumParameters } from "./parameters.ts";

export const app: VolumeApplication<CalciumParameters> = {
  id: "calcium",
  version: calciumVersion,
  title: { en: "Coronary calcium score", fr: "Score calcique coronaire" },
  users: ["radiologist", "clinician"],
  parameters: calciumParameters,
  kernels: [densitySelfTest],
  takes: "volume",
  refuses: ([plan]) => plan && refuseUnlessAxialCt(plan),
  suggest: () => ({ labels: [] }),
  /** A plan does not say that a CT was made to score calcium, and 3 mm slices are everywhere: people ask. */
  propose: () => [],
  /** The volume (4), classes (1), bright voxels (1) and their components (4), and indices of what is bright (4). */
  peakBytes: perVoxel(14),
  compute: computeCalcium,
};
