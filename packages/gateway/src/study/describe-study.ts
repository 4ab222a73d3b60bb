/** What a settled study holds: every series split into volumes, their plans kept in the store, the rest named with a reason. */
import { DicomFault } from "@releve/dicom/faults";
import { readHeader } from "@releve/dicom/data-set/parse-dicom";
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { splitSeries } from "@releve/dicom/series/split-series";
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import type { Digest } from "@releve/domain/ids";
import type { LeftOut, SeriesDecision, VolumePlan } from "@releve/domain/series-split";
import type { SettledSeries, StoredObject } from "@releve/ledger/events";
import type { ObjectStore } from "@releve/store/object-store";

export type DescribeDeps = {
  readonly store: ObjectStore;
  /** Brings the object to this site where it is elsewhere. */
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
};

/** What a single-frame image's header fits in; a longer header is read with its whole object. */
const headBytes = 128 * 1024;

/**
 * Reads the header of each object, series by series (so that one series at a time is in memory), and stores each volume's plan.
 * An object whose header cannot be read again is left out with its reason, never an error of the study.
 */
export async function describeStudy(
  deps: DescribeDeps,
  objects: readonly StoredObject[],
): Promise<SettledSeries[]> {
  const settled: SettledSeries[] = [];
  for (const [seriesInstanceUid, members] of Map.groupBy(objects, (object) => object.seriesInstanceUid)) {
    settled.push(await describeSeries(deps, seriesInstanceUid, members));
  }
  return settled;
}

async function describeSeries(
  deps: DescribeDeps,
  seriesInstanceUid: string,
  members: readonly StoredObject[],
): Promise<SettledSeries> {
  const readable: { digest: string; object: DicomObject }[] = [];
  const unreadable: LeftOut[] = [];
  for (const member of members) {
    try {
      readable.push({ digest: member.digest, object: await headerOf(deps, member) });
    } catch (error) {
      if (!(error instanceof DicomFault)) throw error;
      unreadable.push({ sopInstanceUid: member.sopInstanceUid, code: error.code, reason: error.message });
    }
  }
  const decision = readable.length > 0 ? splitSeries(readable) : nothingIn(seriesInstanceUid);
  const volumes = await Promise.all(decision.volumes.map((plan) => keepPlan(deps.store, plan)));
  return {
    seriesInstanceUid,
    modality: decision.modality,
    objectCount: members.length,
    volumes,
    leftOut: [...decision.leftOut, ...unreadable],
  };
}

/** The start of the file is enough for most objects, and keeps a series of thousands of slices small in memory. */
async function headerOf(
  { store, readObject }: DescribeDeps,
  { digest, bytes }: StoredObject,
): Promise<DicomObject> {
  if (bytes > headBytes && (await store.has(digest))) {
    const head = headerIn(await store.readRange(digest, { start: 0, end: headBytes }));
    if (head) return head;
  }
  return readHeader(await readObject(digest));
}

/** A cut header shows as a fault or a warning. */
function headerIn(bytes: Uint8Array): DicomObject | undefined {
  try {
    const object = readHeader(bytes);
    return object.warnings.length === 0 ? object : undefined;
  } catch (error) {
    if (error instanceof DicomFault) return undefined;
    throw error;
  }
}

function nothingIn(seriesInstanceUid: string): SeriesDecision {
  return { seriesInstanceUid, modality: "", objectCount: 0, volumes: [], leftOut: [] };
}

/** About 200 bytes a slice: enough for 300,000 of them. */
const planBytesMax = 64 * 1024 * 1024;

async function keepPlan(store: ObjectStore, plan: VolumePlan): Promise<SettledSeries["volumes"][number]> {
  const bytes = new TextEncoder().encode(canonicalJson(plan as unknown as Json));
  const { digest } = await store.put(bytes, { maxBytes: planBytesMax });
  return { plan: digest, slices: plan.slices.length, findings: plan.findings.map((finding) => finding.code) };
}
