/** Two objects under one SOP Instance UID: the same, one a revision of the other, or other pixels. */
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { attributesDigest, dataSetDigest, pixelDigest } from "@releve/dicom/data-set/object-digests";

export async function compareObjects(
  a: DicomObject,
  b: DicomObject,
): Promise<"same" | "revision" | "other-pixels"> {
  if (dataSetDigest(a) === dataSetDigest(b)) return "same";
  if ((await pixelDigest(a)) !== (await pixelDigest(b))) return "other-pixels";
  return attributesDigest(a) === attributesDigest(b) ? "same" : "revision";
}
