/**
 * General Series, PS3.3 C.7.3.1, as far as the source's series states it of the patient and the order. The Performed
 * Procedure Step stays behind: it was the scanner's.
 */
import { many, type1, type3, type AttributeRule } from "../attribute-rule.ts";
import { type3Codes } from "./code-sequence.ts";

export const seriesModule: readonly AttributeRule[] = [
  type3("ProtocolName"),
  type3("BodyPartExamined"),
  type3("RequestAttributesSequence", {
    ...many,
    items: [
      type1("RequestedProcedureID"),
      type3("AccessionNumber"),
      type3("StudyInstanceUID"),
      type3("RequestedProcedureDescription"),
      type3("ScheduledProcedureStepID"),
      type3("ScheduledProcedureStepDescription"),
    ],
  }),
];

export const anatomyModule: readonly AttributeRule[] = [type3Codes("AnatomicRegionSequence")];
