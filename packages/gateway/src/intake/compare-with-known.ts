/**
 * Compares an arriving object with those under its SOP Instance UID. Decoding pixels is dear, so it is done only when the
 * data sets differ; a first arrival costs two hashes.
 */
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { attributesDigest, dataSetDigest, pixelDigest } from "@releve/dicom/data-set/object-digests";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { KnownObject } from "@releve/store/object-index";
import type { ObjectStore } from "@releve/store/object-store";
import { judgeArrival, type ContentDigests, type Judgement } from "./judge-arrival.ts";

export type Comparison = { readonly judgement: Judgement; readonly digests: ContentDigests };

/** @throws StoreFault when an earlier object is needed and cannot be read. */
export async function compareWithKnown(
  store: ObjectStore,
  object: DicomObject,
  known: KnownObject,
): Promise<Comparison> {
  const digests = { dataSetDigest: dataSetDigest(object), attributesDigest: attributesDigest(object) };
  if (!known.current) return { judgement: { kind: "new" }, digests };
  const as = known.all.find((one) => one.dataSetDigest === digests.dataSetDigest);
  if (as) return { judgement: { kind: "same", as }, digests };
  const arriving = await withPixels(digests, object);
  const earlier: JournalEntry[] = [];
  for (const entry of known.all) earlier.push(entry.pixelDigest ? entry : await withPixelsOf(store, entry));
  const current = earlier[known.all.indexOf(known.current)]!;
  return { judgement: judgeArrival(arriving, earlier, current), digests: arriving };
}

async function withPixels<T extends object>(of: T, object: DicomObject): Promise<T> {
  const digest = await pixelDigest(object);
  return digest === undefined ? of : { ...of, pixelDigest: digest };
}

async function withPixelsOf(store: ObjectStore, entry: JournalEntry): Promise<JournalEntry> {
  return withPixels(entry, parseDicom(await store.read(entry.digest)));
}
