/** Brain perfusion: how much blood reaches the tissue, and when. */
import type { VolumesApplication } from "../application.ts";
import { computePerfusion } from "./compute.ts";
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
  compute: computePerfusion,
};
