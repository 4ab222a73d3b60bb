/** PET and CT of one frame of reference as one coloured picture. */
import { isRefusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumesApplication, VolumesProposal } from "../application.ts";
import { computeFusion } from "./compute.ts";
import { perVoxel } from "../need-bytes.ts";
import { clearPairs, pairIndices } from "./find-pair.ts";
import { fusionParameters, type FusionParameters } from "./parameters.ts";
import { fusionSelfTest } from "./self-test.ts";

export const app: VolumesApplication<FusionParameters> = {
  id: "fusion",
  version: "2",
  title: { en: "PET/CT fusion", fr: "Fusion TEP/TDM" },
  users: ["nuclear-physician", "radiologist", "clinician"],
  parameters: fusionParameters,
  kernels: ["reslice", "project-max", fusionSelfTest],
  takes: "volumes",
  refuses: (plans) => {
    const indices = pairIndices(plans);
    return isRefusal(indices) ? indices : undefined;
  },
  suggest: () => usual,
  propose: (plans) => clearPairs(plans).map(proposal),
  /** Both volumes as they are sampled (12), and a PET that is written with one slope: as floats (4) and stored (2). */
  peakBytes: perVoxel(20),
  compute: computeFusion,
};

/** A window for soft parts, and the palette's end at about three times the liver's uptake of FDG. */
const usual: FusionParameters = {
  views: ["axial", "coronal", "coronal-mip"],
  grid: "CT",
  ctWindow: { center: 40, width: 400 },
  petTop: { unit: "SUVbw", value: 7 },
  alpha: 0.5,
  imagesMax: 150,
};

const proposal = (plans: readonly [VolumePlan, VolumePlan]): VolumesProposal<FusionParameters> => ({
  plans,
  parameters: usual,
});
