/** The answer to a DIMSE request: PS3.7 annex C, and PS3.4 annex B.2.3 for storage. */
export type DimseStatus = {
  /** Status (0000,0900). */
  readonly status: number;
  /** Error Comment (0000,0902): LO, cut at 64 characters, ASCII; no patient data. */
  readonly errorComment?: string;
  /** Offending Element (0000,0901) as 0xggggeeee. */
  readonly offendingElement?: number;
};

export const statusCode = {
  success: 0x0000,
  sopClassNotSupported: 0x0122,
  invalidSopInstance: 0x0117,
  missingAttribute: 0x0120,
  processingFailure: 0x0110,
  unrecognizedOperation: 0x0211,
  outOfResources: 0xa700,
  dataSetDoesNotMatchSopClass: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

export type StatusClass = "success" | "warning" | "failure" | "cancel" | "pending";

/** PS3.7 annex C: what a status means to its receiver, whatever the service. */
export function statusClass(status: number): StatusClass {
  if (status === 0x0000) return "success";
  if (status === 0xfe00) return "cancel";
  if (status === 0xff00 || status === 0xff01) return "pending";
  const isWarning = status === 0x0001 || status >> 12 === 0xb || status === 0x0107 || status === 0x0116;
  return isWarning ? "warning" : "failure";
}
