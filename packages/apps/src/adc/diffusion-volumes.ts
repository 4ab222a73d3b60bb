/** Which volumes of a study make one ADC, decided from their plans: b-values, geometry, and what is a result already. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { gridDifference } from "../geometry/own-slices.ts";
import type { AdcParameters } from "./parameters.ts";

/** Without diffusion weighting, or next to it: the fit's upper end. Prostate and liver protocols begin at 50 to 150. */
const lowBValueMax = 200;
/** Two b-values nearer than this would turn noise into diffusion. */
const bValueSpreadMin = 100;

/** Image Type values of what was computed from diffusion images: their values are no signal. */
const computed =
  /^(E?ADC|FA|FRACTIONAL_ANISOTROPY|RA|TENSOR|EXPONENTIAL|CALC_BVALUE|COLFA|ISOTROPIC_ADC)(_|$)/i;

export function bValueOf(plan: VolumePlan): number | undefined {
  const { bValue } = plan.split;
  return typeof bValue === "number" ? bValue : undefined;
}

/** Why these volumes make no ADC, or undefined when they do. */
export function refuseDiffusion(
  plans: readonly VolumePlan[],
  { bValueMin }: Pick<AdcParameters, "bValueMin">,
): Refusal | undefined {
  const [first] = plans;
  const foreign = plans.find(({ modality }) => modality !== "MR");
  if (!first || foreign)
    return refusal(
      "MODALITY_NOT_SUPPORTED",
      `The series is ${foreign?.modality}; diffusion is measured by MR.`,
    );
  const result = plans.map(computedKind).find((kind) => kind !== undefined);
  if (result !== undefined)
    return refusal(
      "ALREADY_COMPUTED",
      `Among the images are results (Image Type ${result}), which are no signal.`,
    );
  const unknown = plans.filter((plan) => bValueOf(plan) === undefined).length;
  if (unknown > 0) return refusal("NO_B_VALUE", `${unknown} of ${plans.length} volumes say no b-value.`);
  const difference = plans.map((plan) => gridDifference(first, plan)).find((text) => text !== undefined);
  if (difference) return refusal("GEOMETRY_MISMATCH", `The volumes do not lie on one grid: ${difference}.`);
  return refuseBValues(plans.map((plan) => bValueOf(plan)!).filter((bValue) => bValue >= bValueMin));
}

function refuseBValues(bValues: readonly number[]): Refusal | undefined {
  const lowest = Math.min(...bValues);
  const spread = Math.max(...bValues) - lowest;
  if (spread >= bValueSpreadMin) return undefined;
  const found = [...new Set(bValues)].toSorted((a, b) => a - b).join(", ") || "none";
  return refusal(
    "B_VALUES_TOO_FEW",
    `Two b-values at least ${bValueSpreadMin} s/mm2 apart are needed; there are: ${found}.`,
  );
}

export function hasLowBValue(plans: readonly VolumePlan[]): boolean {
  return plans.some((plan) => (bValueOf(plan) ?? Number.POSITIVE_INFINITY) <= lowBValueMax);
}

/** The Image Type value that names it, or undefined for a signal. */
export function computedKind({ imageType }: VolumePlan): string | undefined {
  return imageType.slice(2).find((value) => computed.test(value));
}
