/** Same, revision, conflict or new: what an arriving object is to those that lie under its SOP Instance UID. Pure. */
import type { Digest } from "@releve/domain/ids";
import type { JournalEntry } from "@releve/store/journal-entry";

export type ContentDigests = {
  readonly dataSetDigest: Digest;
  readonly attributesDigest: Digest;
  /** Undefined where there are no pixels, or where they were not needed yet. */
  readonly pixelDigest?: Digest | undefined;
};

export type Judgement =
  | { readonly kind: "new" }
  | { readonly kind: "same"; readonly as: JournalEntry }
  /** Other attributes, the same pixels. */
  | { readonly kind: "revision"; readonly of: JournalEntry }
  | { readonly kind: "conflict"; readonly with: JournalEntry };

/**
 * @param arriving and `known`: with the pixel digests filled in wherever there are pixels.
 * @param known everything accepted or quarantined under the UID.
 */
export function judgeArrival(
  arriving: ContentDigests,
  known: readonly JournalEntry[],
  current: JournalEntry,
): Judgement {
  const as = known.find((one) => isSame(one, arriving));
  if (as) return { kind: "same", as };
  if (arriving.pixelDigest === current.pixelDigest) return { kind: "revision", of: current };
  return { kind: "conflict", with: current };
}

function isSame(one: ContentDigests, other: ContentDigests): boolean {
  return one.attributesDigest === other.attributesDigest && one.pixelDigest === other.pixelDigest;
}
