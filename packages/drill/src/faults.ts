/** Every fault of the drills themselves, with its stable code. */
import { Fault } from "@releve/domain/fault";

/**
 * - PACS_FAILED: Orthanc did not start, or did not answer.
 * - FAULT_UNKNOWN: no drill has this name.
 * - NOTHING_TO_HARM: the load brought nothing that the fault could hit.
 * - TOOL_FAILED: a command of the system (mount, mkfs) said no.
 * - RESULTS_UNREADABLE: a file in the results' folder is not one of ours.
 */
export type DrillFaultCode =
  | "PACS_FAILED"
  | "FAULT_UNKNOWN"
  | "NOTHING_TO_HARM"
  | "TOOL_FAILED"
  | "RESULTS_UNREADABLE";

export class DrillFault extends Fault {
  override readonly code: DrillFaultCode;

  constructor(code: DrillFaultCode, message: string, cause?: unknown) {
    super(code, message, "never", cause);
    this.name = "DrillFault";
    this.code = code;
  }
}
