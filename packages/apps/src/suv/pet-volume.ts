/** Which volumes can be turned into SUV, as far as their plan says it. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { refuseUnlessRegular } from "../image-volume.ts";
import type { SuvParameters } from "./parameters.ts";

const positronEmissionTomography = "1.2.840.10008.5.1.4.1.1.128";

/** A region's volume needs even slices; images alone keep the slices as they are. */
export function refuseSuv(plan: VolumePlan, { region }: SuvParameters): Refusal | undefined {
  if (plan.modality !== "PT" || plan.sopClassUid !== positronEmissionTomography)
    return refusal("NOT_A_PET", `SUV needs Positron Emission Tomography images; these are ${plan.modality}.`);
  return region ? refuseUnlessRegular(plan) : undefined;
}

/** One volume of a scanner: no part of a dynamic or gated series, and no result. */
export function isOriginalPet(plan: VolumePlan): boolean {
  const { modality, sopClassUid, imageType, split } = plan;
  const single = Object.keys(split).length === 0;
  return (
    modality === "PT" && sopClassUid === positronEmissionTomography && imageType[0] === "ORIGINAL" && single
  );
}
