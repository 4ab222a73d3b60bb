/** Brain perfusion: how much blood reaches the tissue, and when. */
import type { VolumesApplication } from "../application.ts";
import { computePerfusion } from "./compute.ts";
import { perVoxel } from "../need-bytes.ts";
import { perfusionParameters, type PerfusionParameters } from "./parameters.ts";
import { residueSelfTest, truncationSelfTest } from "./self-test.ts";
import { proposePerfusion, refusePerfusion, suggestPerfusion } from "./time-points.ts";
import { perfusionVersion } from "./version.ts";

export const app: VolumesApplication<PerfusionParameters> = {
  id: "perfusion",
  version: perfusionVersion,
  title: { en: "Brain perfusion", fr: "Perfusion cérébrale" },
  users: ["radiologist", "clinician"],
  parameters: perfusionParameters,
  kernels: [truncationSelfTest, residueSelfTest],
  takes: "volumes",
  refuses: refusePerfusion,
  suggest: suggestPerfusion,
  propose: proposePerfusion,
  /** The volumes (4); the brain's curves as signals (4), on even steps (4) and as concentrations (4), and their copies for the kernel (8). */
  peakBytes: perVoxel(24),
  compute: computePerfusion,
};
