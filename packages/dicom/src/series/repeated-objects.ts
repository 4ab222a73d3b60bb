/** One object for each SOP Instance UID: the first. */
import type { LeftOut } from "@releve/domain/series-split";
import type { ObjectSummary } from "./image-frame.ts";

export function dropRepeatedObjects(summaries: readonly ObjectSummary[]): {
  readonly kept: readonly ObjectSummary[];
  readonly leftOut: readonly LeftOut[];
} {
  const kept = new Map<string, ObjectSummary>();
  const leftOut: LeftOut[] = [];
  for (const summary of summaries) {
    const first = kept.get(summary.sopInstanceUid);
    if (first) leftOut.push({ sopInstanceUid: summary.sopInstanceUid, ...why(first, summary) });
    else kept.set(summary.sopInstanceUid, summary);
  }
  return { kept: [...kept.values()], leftOut };
}

function why(first: ObjectSummary, again: ObjectSummary) {
  const same = first.digest === again.digest || first.pixelDigest === again.pixelDigest;
  return same
    ? { code: "DUPLICATE", reason: "The same object is there already." }
    : {
        code: "SOP_INSTANCE_UID_REUSED",
        reason: "Another object bears its SOP Instance UID, and its encoded pixels differ; the first counts.",
      };
}
