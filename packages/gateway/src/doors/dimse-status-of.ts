/** The intake's outcomes as C-STORE statuses (PS3.4 table B.2-1). Comments fit the 64 characters of (0000,0902). */
import { statusCode, type DimseStatus } from "@releve/dicom/dimse/dimse-status";
import type { IntakeOutcome, RefusalCode } from "../intake/intake-outcome.ts";

/** In the range Cxxx, "cannot understand", which leaves its last three digits to the implementation. */
export const quarantinedStatus = 0xc301;

const refusedStatus: Readonly<Record<RefusalCode, number>> = {
  OUT_OF_RESOURCES: statusCode.outOfResources,
  OBJECT_TOO_LARGE: statusCode.outOfResources,
  NOT_AS_ANNOUNCED: statusCode.dataSetDoesNotMatchSopClass,
  NOT_IDENTIFIED: statusCode.cannotUnderstand,
};

export function dimseStatusOf(outcome: IntakeOutcome): DimseStatus {
  switch (outcome.kind) {
    case "stored":
    case "same":
    case "revision":
      return { status: statusCode.success };
    case "quarantined":
      return {
        status: quarantinedStatus,
        errorComment: "quarantined: other pixels under this SOP Instance UID",
      };
    case "refused":
      return { status: refusedStatus[outcome.code], errorComment: outcome.reason.slice(0, 64) };
    default:
      return outcome satisfies never;
  }
}
