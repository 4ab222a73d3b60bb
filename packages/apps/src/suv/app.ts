/** Standardized uptake values of a PET, and regions of uptake. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { refuseReformatted } from "../image-volume.ts";
import { perVoxel } from "../need-bytes.ts";
import { computeSuv, suvVersion } from "./compute.ts";
import { suvParameters, type SuvParameters } from "./parameters.ts";
import { isOriginalPet, refuseSuv } from "./pet-volume.ts";
import { suvSelfTest } from "./self-test.ts";

export const app: VolumeApplication<SuvParameters> = {
  id: "suv",
  version: suvVersion,
  title: { en: "PET uptake (SUV, metabolic volume)", fr: "Fixation TEP (SUV, volume métabolique)" },
  users: ["nuclear-physician", "radiologist"],
  parameters: suvParameters,
  kernels: [suvSelfTest],
  takes: "volume",
  refuses: ([plan], parameters) => refuseSuv(plan!, parameters),
  suggest: () => wholeVolume,
  propose,
  /**
   * The volume (4), its real values (4), the SUV (4) and their copies for the kernel (4), the images as they are stored (2). For
   * regions also the SUV in a thread of its own (4), a mask (1), components (4), and indices and values of what is found (8).
   */
  peakBytes: (plans, { region }) => perVoxel(region ? 35 : 18)(plans),
  compute: computeSuv,
};

/** Regions are a reader's question: in a whole body most of what takes up sugar is healthy. */
function propose(plan: VolumePlan): readonly SuvParameters[] {
  return isOriginalPet(plan) && !refuseReformatted(plan) ? [{ kind: "SUVbw", images: true }] : [];
}

/** What lies above the liver in most patients, from 1 ml on. */
const wholeVolume: SuvParameters = {
  kind: "SUVbw",
  images: false,
  region: {
    within: { shape: "volume" },
    threshold: { mode: "fixed", suv: 4 },
    regionMlMin: 1,
    regionsMax: 20,
  },
};
