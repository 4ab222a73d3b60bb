/** Contrast/Bolus, PS3.3 C.7.6.4: written only where the source names the agent. */
import { many, type2, type3, type AttributeRule } from "../attribute-rule.ts";
import type { Attributes } from "../../data-set/attributes.ts";
import { type3Codes } from "./code-sequence.ts";

const contrastAttributes: readonly AttributeRule[] = [
  type2("ContrastBolusAgent"),
  type3Codes("ContrastBolusAgentSequence"),
  type3("ContrastBolusRoute"),
  type3("ContrastBolusVolume"),
  type3("ContrastBolusStartTime"),
  type3("ContrastBolusStopTime"),
  type3("ContrastBolusTotalDose"),
  type3("ContrastFlowRate", many),
  type3("ContrastFlowDuration", many),
  type3("ContrastBolusIngredient", { oneOf: ["IODINE", "GADOLINIUM", "CARBON DIOXIDE", "BARIUM"] }),
  type3("ContrastBolusIngredientConcentration"),
];

export function contrastModule(source: Attributes): readonly AttributeRule[] {
  return source.string("ContrastBolusAgent") === undefined ? [] : contrastAttributes;
}
