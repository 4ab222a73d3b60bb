/** Standardized uptake values of a PET, and regions of uptake. */
import type { VolumePlan } from "@releve/domain/series-split";
import type { VolumeApplication } from "../application.ts";
import { refuseReformatted } from "../image-volume.ts";
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
