/** What a CT must be for its numbers to be measured as densities: in Hounsfield units, and without contrast medium. */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { refuseReformatted, refuseUnlessRegular } from "./image-volume.ts";
import { slicePlane } from "./geometry/grid-facts.ts";

/** Slices up to so far from the transverse plane are read as axial ones. */
const axialWithinDegrees = 30;

/** From the plan alone: a CT of axial slices on a regular grid, as it was reconstructed. */
export function refuseUnlessAxialCt(plan: VolumePlan): Refusal | undefined {
  if (plan.modality !== "CT")
    return refusal(
      "MODALITY_NOT_SUPPORTED",
      `The series is ${plan.modality}; Hounsfield units are those of CT.`,
    );
  const refused = refuseUnlessRegular(plan) ?? refuseReformatted(plan);
  if (refused) return refused;
  if (slicePlane(plan.geometry, axialWithinDegrees) !== "axial")
    return refusal("NOT_AXIAL", "The slices are not axial.");
  return undefined;
}

/** From the first slice's attributes. The agent's name is free text, so it is not repeated. */
export function refuseUnlessPlainHounsfield(attributes: Attributes): Refusal | undefined {
  const unit = attributes.string("RescaleType");
  if (unit !== undefined && unit.toUpperCase() !== "HU")
    return refusal("NOT_HOUNSFIELD", "The values of this series are not in Hounsfield units (Rescale Type).");
  if (hasContrast(attributes))
    return refusal(
      "CONTRAST_ENHANCED",
      "Contrast medium was given (Contrast/Bolus Agent); it changes the densities that would be measured.",
    );
  return undefined;
}

/** What scanners write into Contrast/Bolus Agent where none was given. */
const noAgent = /^(?:no|none|non|no contrast|without.*|w\/?o.*|native|nativ|sans.*|ohne.*|n\/?a|0|-+)$/i;

function hasContrast(attributes: Attributes): boolean {
  const agent = attributes.string("ContrastBolusAgent");
  if (agent !== undefined && !noAgent.test(agent.trim())) return true;
  return attributes.items("ContrastBolusAgentSequence").length > 0;
}
