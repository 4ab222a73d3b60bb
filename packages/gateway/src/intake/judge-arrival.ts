/** Same, revision, conflict or new: what an arriving object is to those that lie under its SOP Instance UID. Pure. */
import type { Digest } from "@releve/domain/ids";
import type { JournalEntry } from "@releve/store/journal-entry";

export type ContentDigests = {
  readonly dataSetDigest: Digest;
  readonly attributesDigest: Digest;
  /** Undefined where there are no pixels or they cannot be decoded. */
  readonly pixelDigest?: Digest | undefined;
};

export type Judgement =
  | { readonly kind: "new" }
  | { readonly kind: "same"; readonly as: JournalEntry }
  /** Other attributes, the same pixels. */
  | { readonly kind: "revision"; readonly of: JournalEntry }
  | { readonly kind: "conflict"; readonly with: JournalEntry };

/**
 * @param known everything accepted or quarantined under the UID, with `pixelDigest` filled in where it could be found out;
 *   the same digest of the data set decides alone, so that pixels need not be decoded for a resend.
 */
export function judgeArrival(
  arriving: ContentDigests,
  known: readonly JournalEntry[],
  current: JournalEntry | undefined,
): Judgement {
  if (!current) return { kind: "new" };
  const as = known.find((one) => isSame(one, arriving));
  if (as) return { kind: "same", as };
  if (arriving.pixelDigest === current.pixelDigest) return { kind: "revision", of: current };
  return { kind: "conflict", with: current };
}

function isSame(one: ContentDigests, other: ContentDigests): boolean {
  if (one.dataSetDigest === other.dataSetDigest) return true;
  return one.attributesDigest === other.attributesDigest && one.pixelDigest === other.pixelDigest;
}
