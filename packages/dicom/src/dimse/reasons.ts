/** Names for the numbers of A-ASSOCIATE-RJ (PS3.8 table 9-21) and A-ABORT (PS3.8 table 9-26). */

/** [result, source, reason]: result 1 permanent, 2 transient; source 1 user, 2 provider (ACSE), 3 provider (presentation). */
const rejections = {
  "no-reason-given": [1, 1, 1],
  "application-context-name-not-supported": [1, 1, 2],
  "calling-ae-title-not-recognized": [1, 1, 3],
  "called-ae-title-not-recognized": [1, 1, 7],
  "protocol-version-not-supported": [1, 2, 2],
  "temporary-congestion": [2, 3, 1],
  "local-limit-exceeded": [2, 3, 2],
} as const;

export type RejectionReason = keyof typeof rejections;

export function rejectionNumbers(reason: RejectionReason): {
  result: number;
  source: number;
  reason: number;
} {
  const [result, source, number] = rejections[reason];
  return { result, source, reason: number };
}

/** One phrase for a rejection as received, such as "called-ae-title-not-recognized (permanent)". */
export function rejectionText(numbers: { result: number; source: number; reason: number }): string {
  const known = Object.entries(rejections).find(
    ([, [, source, reason]]) => source === numbers.source && reason === numbers.reason,
  );
  const name = known?.[0] ?? `source ${numbers.source} reason ${numbers.reason}`;
  return `${name} (${numbers.result === 2 ? "transient" : "permanent"})`;
}

/** Reasons of the service provider's A-ABORT. 3 is reserved. */
const abortReasons = {
  "reason-not-specified": 0,
  "unrecognized-pdu": 1,
  "unexpected-pdu": 2,
  "unrecognized-pdu-parameter": 4,
  "unexpected-pdu-parameter": 5,
  "invalid-pdu-parameter-value": 6,
} as const;

export type AbortReason = keyof typeof abortReasons;

export function abortReasonNumber(reason: AbortReason): number {
  return abortReasons[reason];
}

export function abortReasonText(reason: number): string {
  return (
    Object.entries(abortReasons).find(([, number]) => number === reason)?.[0] ?? `reserved reason ${reason}`
  );
}
