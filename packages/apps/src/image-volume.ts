/** Which volumes can be resampled in patient space at all, decided from the plan: the rule that MPR and slab share. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { sliceSpacingMm, tiltDegrees } from "./geometry/grid-facts.ts";

const modalities = new Set(["CT", "MR", "PT"]);

/** Fewer slices hold no third dimension worth cutting through. */
export const slicesMin = 4;

/** Findings that make the grid wrong: sampling through a mean step would put tissue in the wrong place. */
const brokenGrid = ["MISSING_SLICES", "IRREGULAR_SPACING", "SLICES_SHIFTED"];

/** Image Type values of pictures that were cut or projected already. */
const reformatted = new Set([
  "MPR",
  "CURVED_MPR",
  "MIP",
  "MINIP",
  "AVERAGE",
  "PROJECTION IMAGE",
  "REFORMATTED",
]);

/** Why the volume cannot be resampled, or undefined when it can. */
export function refuseUnlessRegular(plan: VolumePlan): Refusal | undefined {
  const { modality, geometry } = plan;
  if (!modalities.has(modality))
    return refusal("MODALITY_NOT_SUPPORTED", `The series is ${modality}; CT, MR and PT volumes are cut.`);
  if (geometry.slices < slicesMin)
    return refusal(
      "TOO_FEW_SLICES",
      `The volume has ${geometry.slices} slices; at least ${slicesMin} are needed.`,
    );
  const broken = plan.findings.find((finding) => brokenGrid.includes(finding.code));
  if (broken) return refusal(broken.code, broken.reason);
  if (!plan.regular)
    return refusal("IRREGULAR_SPACING", "The distance from slice to slice is not constant in this volume.");
  if (!(sliceSpacingMm(geometry) > 1e-3))
    return refusal("FLAT_VOLUME", "The slices of this volume lie in one plane.");
  return undefined;
}

/** For the rule that proposes work: what is a reformat already is not cut again. */
export function refuseReformatted(plan: VolumePlan): Refusal | undefined {
  const value = plan.imageType.slice(2).find((item) => reformatted.has(item.toUpperCase()));
  return value === undefined
    ? undefined
    : refusal("ALREADY_REFORMATTED", `The images are a reformat already (Image Type ${value}).`);
}

/**
 * What a reader must know of the volume that was cut: a tilt, which sampling through the sheared grid corrects exactly, and
 * whatever else was found about its series.
 */
export function volumeRemarks(plan: VolumePlan): readonly string[] {
  const tilt = tiltDegrees(plan.geometry);
  const corrected = `The slices are sheared by ${tilt.toFixed(1)} degrees (gantry tilt); corrected.`;
  const others = plan.findings.filter((finding) => finding.code !== "GANTRY_TILT");
  return [...(tilt >= tiltDegreesMin ? [corrected] : []), ...others.map((finding) => finding.reason)];
}

/** Below this a shear is the rounding of written positions. */
const tiltDegreesMin = 0.1;
