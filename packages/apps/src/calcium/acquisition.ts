/** How a calcium scan must have been made, and what a reader must know where it was made otherwise. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { ComputeInput } from "../application.ts";
import { refuseUnlessAxialCt, refuseUnlessPlainHounsfield } from "../ct-acquisition.ts";
import { sliceSpacingMm } from "../geometry/grid-facts.ts";
import { mm } from "../geometry/plane-stack.ts";

/** Rounding of what scanners write: mm for lengths, kV for voltages. */
const tolerance = 0.05;

/** Thinner slices are noisier and thicker ones blur small lesions: the threshold of 130 HU means something else there. */
const thicknessMm = { least: 2, most: 5 };

/** Which scores are comparable: what differs comes as remarks, what makes the number wrong as a refusal. */
export function calciumRemarks({ plan, attributes }: ComputeInput): readonly string[] | Refusal {
  const refused = refuseUnlessAxialCt(plan) ?? refuseUnlessPlainHounsfield(attributes);
  if (refused) return refused;
  const voltage = voltageRemarks(attributes.number("KVP"));
  if ("refused" in voltage) return voltage;
  const slices = sliceRemarks(sliceSpacingMm(plan.geometry), attributes.number("SliceThickness"));
  return "refused" in slices ? slices : [...voltage, ...slices];
}

/** 130 kV was that of the electron beam scanner on which the score was defined, 120 kV is that of the protocols since. */
function voltageRemarks(kvp: number | undefined): readonly string[] | Refusal {
  if (kvp === undefined) return ["The tube voltage is not written; the score holds for 120 kV."];
  if (Math.abs(kvp - 120) <= tolerance) return [];
  if (Math.abs(kvp - 130) <= tolerance)
    return ["Taken at 130 kV, as with electron beam scanners; 120 kV is usual."];
  return refusal(
    "KVP_NOT_120",
    `The tube voltage is ${kvp} kV; calcium is brighter or darker than at 120 kV, for which 130 HU is the threshold.`,
  );
}

function sliceRemarks(spacingMm: number, writtenMm: number | undefined): readonly string[] | Refusal {
  const thickMm = writtenMm ?? spacingMm;
  if (thickMm < thicknessMm.least - tolerance || thickMm > thicknessMm.most + tolerance)
    return refusal(
      "SLICE_THICKNESS",
      `The slices are ${mm(thickMm)} thick; the score is defined for 3 mm, and computed from ${mm(thicknessMm.least)} to ${mm(thicknessMm.most)}.`,
    );
  if (spacingMm > thickMm + tolerance)
    return refusal(
      "SLICE_GAPS",
      `The slices are ${mm(thickMm)} thick and ${mm(spacingMm)} apart: what lies between them was not measured.`,
    );
  const scaled = `The slices are ${mm(spacingMm)} apart: the Agatston score is scaled by ${(spacingMm / 3).toFixed(3)} (distance / 3 mm).`;
  const overlap = `They overlap (${mm(thickMm)} thick).`;
  const unusual = `The slices are ${mm(thickMm)} thick; scores are comparable with others of 3 mm only to a limit.`;
  return [
    ...(writtenMm === undefined
      ? ["The slices' thickness is not written; taken as the distance between them."]
      : []),
    ...(Math.abs(spacingMm - 3) > tolerance ? [scaled] : []),
    ...(spacingMm < thickMm - tolerance ? [overlap] : []),
    ...(Math.abs(thickMm - 3) > tolerance ? [unusual] : []),
  ];
}
