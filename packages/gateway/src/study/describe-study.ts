/** What a settled study holds: every series split into volumes, their plans kept in the store, the rest named with a reason. */
import { DicomFault } from "@releve/dicom/faults";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { ObjectSummary } from "@releve/dicom/series/image-frame";
import { summarizeObject } from "@releve/dicom/series/object-summary";
import { splitSummaries } from "@releve/dicom/series/split-series";
import type { Digest } from "@releve/domain/ids";
import {
  encodeVolumePlan,
  type LeftOut,
  type SeriesDecision,
  type VolumePlan,
} from "@releve/domain/series-split";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { SettledSeries } from "@releve/ledger/events/study";
import type { ObjectStore } from "@releve/store/object-store";

export type DescribeDeps = {
  readonly store: ObjectStore;
  /** Brings the object to this site where it is elsewhere. */
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
};

/**
 * Reads each object in whole, one at a time, keeping only its summary, and stores each volume's plan. The pixels are needed
 * to tell a copy from another image at the same place. An object that cannot be read again is left out with its reason,
 * never an error of the study.
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
  const readable: ObjectSummary[] = [];
  const unreadable: LeftOut[] = [];
  for (const member of members) {
    try {
      const object = parseDicom(await deps.readObject(member.digest));
      readable.push(summarizeObject({ digest: member.digest, object }));
    } catch (error) {
      if (!(error instanceof DicomFault)) throw error;
      unreadable.push({ sopInstanceUid: member.sopInstanceUid, code: error.code, reason: error.message });
    }
  }
  const decision = readable.length > 0 ? splitSummaries(readable) : nothingIn(seriesInstanceUid);
  const volumes = await Promise.all(decision.volumes.map((plan) => keepPlan(deps.store, plan)));
  return {
    seriesInstanceUid,
    modality: decision.modality,
    objectCount: members.length,
    volumes,
    leftOut: [...decision.leftOut, ...unreadable],
  };
}

function nothingIn(seriesInstanceUid: string): SeriesDecision {
  return { seriesInstanceUid, modality: "", objectCount: 0, volumes: [], leftOut: [] };
}

/** About 200 bytes a slice: enough for 300,000 of them. */
const planBytesMax = 64 * 1024 * 1024;

async function keepPlan(store: ObjectStore, plan: VolumePlan): Promise<SettledSeries["volumes"][number]> {
  const bytes = encodeVolumePlan(plan);
  const { digest } = await store.put(bytes, { maxBytes: planBytesMax });
  return { plan: digest, slices: plan.slices.length, findings: plan.findings.map((finding) => finding.code) };
}
