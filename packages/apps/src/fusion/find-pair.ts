/** The PET and the CT that belong together, decided from their plans. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { GridGeometry } from "@releve/domain/volume";
import { boxAround } from "../geometry/patient-box.ts";
import { patientOrientations } from "../geometry/orientation.ts";
import { refuseReformatted, refuseUnlessRegular } from "../image-volume.ts";
import { isOriginalPet } from "../suv/pet-volume.ts";

/** Indices of the PET and of the CT among two plans, or why they cannot be fused. */
export function pairIndices(
  plans: readonly VolumePlan[],
): { readonly pet: number; readonly ct: number } | Refusal {
  const pet = plans.findIndex(({ modality }) => modality === "PT");
  const ct = plans.findIndex(({ modality }) => modality === "CT");
  if (plans.length !== 2 || pet < 0 || ct < 0)
    return refusal("NOT_PET_AND_CT", "A fusion takes one PET and one CT of a study.");
  const frame = plans[pet]!.frameOfReferenceUid;
  if (frame === undefined || frame !== plans[ct]!.frameOfReferenceUid)
    return refusal(
      "FRAMES_OF_REFERENCE_DIFFER",
      "The PET and the CT have different frames of reference: nothing says how they lie to each other.",
    );
  const refused = refuseUnlessRegular(plans[pet]!) ?? refuseUnlessRegular(plans[ct]!);
  if (refused) return refused;
  if (!(sharedFraction(plans[pet]!.geometry, plans[ct]!.geometry) > 0))
    return refusal("NO_OVERLAP", "The PET and the CT show different parts of the body.");
  return { pet, ct };
}

/** Of the PET's length, which the CT that corrects its attenuation must cover. */
const coveredMin = 0.9;

/**
 * The one original PET of a frame of reference and the one original CT that covers its length. With a second PET (not
 * corrected for attenuation) or CT (thin slices, with contrast) it is not clear which to take: a person says.
 */
export function clearPairs(plans: readonly VolumePlan[]): readonly (readonly [VolumePlan, VolumePlan])[] {
  const usable = plans.filter((plan) => !refuseUnlessRegular(plan) && !refuseReformatted(plan));
  return usable.filter(isOriginalPet).flatMap((pet): (readonly [VolumePlan, VolumePlan])[] => {
    const together = usable.filter(
      ({ frameOfReferenceUid: frame }) => frame !== undefined && frame === pet.frameOfReferenceUid,
    );
    const pets = together.filter(isOriginalPet);
    const cts = together.filter((plan) => isOriginalCt(plan) && lengthCovered(pet, plan) >= coveredMin);
    return pets.length === 1 && cts.length === 1 ? [[pet, cts[0]!]] : [];
  });
}

function isOriginalCt({ modality, imageType, split }: VolumePlan): boolean {
  return modality === "CT" && imageType[0] === "ORIGINAL" && Object.keys(split).length === 0;
}

function lengthCovered(pet: VolumePlan, ct: VolumePlan): number {
  const [wanted, given] = [box(pet.geometry), box(ct.geometry)];
  const reach = (index: 2) =>
    Math.min(wanted.high[index], given.high[index]) - Math.max(wanted.low[index], given.low[index]);
  return reach(2) / (wanted.high[2] - wanted.low[2]);
}

/** Of the PET's box along the patient's axes, how much lies in the CT's. */
function sharedFraction(pet: GridGeometry, ct: GridGeometry): number {
  const [wanted, given] = [box(pet), box(ct)];
  return ([0, 1, 2] as const).reduce<number>((share, axis) => {
    const overlap =
      Math.min(wanted.high[axis], given.high[axis]) - Math.max(wanted.low[axis], given.low[axis]);
    return (share * Math.max(0, overlap)) / (wanted.high[axis] - wanted.low[axis]);
  }, 1);
}

const box = (grid: GridGeometry) => boxAround(grid, patientOrientations.axial);
