/** What can go wrong at the edges of the dicom package. Codes are stable; messages name tags and never values. */
import { Fault } from "@releve/domain/fault";

/** The object cannot be identified, so it can be neither stored nor named. What is only damaged is a warning instead. */
export type DicomFaultCode =
  | "NOT_DICOM"
  | "TRUNCATED"
  | "TOO_DEEP"
  | "TOO_MANY_ELEMENTS"
  | "BAD_ELEMENT"
  | "CORRUPT_DEFLATE"
  | "INFLATED_TOO_LARGE"
  | "NO_SOP_CLASS_UID"
  | "NO_SOP_INSTANCE_UID"
  | "NO_STUDY_INSTANCE_UID"
  | "NO_SERIES_INSTANCE_UID"
  | "BAD_UID";

export class DicomFault extends Fault {
  declare readonly code: DicomFaultCode;

  constructor(code: DicomFaultCode, message: string, cause?: unknown) {
    super(code, message, "never", cause);
    this.name = "DicomFault";
  }
}
