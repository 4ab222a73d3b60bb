import { app as mpr } from "@releve/apps/mpr/app";
import type { Wish } from "@releve/apps/ask-by-hand";
import { digestOf, type Digest, type SiteId, type StudyId, type Uuid } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { encodeVolumePlan, type VolumePlan } from "@releve/domain/series-split";
import type { Admission } from "@releve/ledger/dispatch/admission";
import type { LedgerEvent } from "@releve/ledger/events";
import { memoryLog } from "@releve/ledger/memory-log";
import { jobStream, studyStream } from "@releve/ledger/streams";
import { beforeEach, expect, test } from "vitest";
import { byHand, type ByHandDeps } from "./by-hand.ts";

const study = "00000000-0000-5000-8000-000000000002" as StudyId;
const context = { atMs: 1, site: "site-b", actor: "test" };
const object = {
  digest: digestOf("slice"),
  bytes: 1000,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: "1.2.3.4.1",
  seriesInstanceUid: "1.2.3.4",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
};
const plan: VolumePlan = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  modality: "CT",
  sopClassUid: object.sopClassUid,
  split: {},
  imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
  geometry: {
    columns: 16,
    rows: 16,
    slices: 8,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 2],
  },
  regular: true,
  slices: [
    {
      digest: object.digest,
      sopInstanceUid: object.sopInstanceUid,
      sopClassUid: object.sopClassUid,
      frameIndex: 0,
    },
  ],
  findings: [],
};
const planBytes = encodeVolumePlan(plan);
const planDigest = digestOf(planBytes);

const received = { type: "StudyObjectsReceived", study, studyInstanceUid: "1.2.3", objects: [object] };
const settled = {
  type: "StudySettled",
  study,
  revision: 1,
  series: [
    {
      seriesInstanceUid: "1.2.3.4",
      modality: "CT",
      objectCount: 1,
      volumes: [{ plan: planDigest, slices: 8, findings: [] }],
      leftOut: [],
    },
  ],
};

let log = memoryLog();
let admission: Admission = { admitted: true, forecastMs: 0 };
beforeEach(() => {
  log = memoryLog();
  admission = { admitted: true, forecastMs: 0 };
});

async function withStudy(...events: readonly object[]): Promise<void> {
  const news = events.map((event, index) => ({
    eventId: `00000000-0000-4000-8000-00000000000${index}` as Uuid,
    context,
    event: event as LedgerEvent,
  }));
  expect((await log.append(studyStream(study), news, "none")).appended).toBe(true);
}

const asking = (changes: Partial<ByHandDeps> = {}) =>
  byHand({
    catalogue: [mpr],
    log: () => log,
    readObject: async (digest) => {
      if (digest !== planDigest) throw new Error(`asked for ${digest}`);
      return planBytes;
    },
    siteOf: () => "site-b" as SiteId,
    admit: () => admission,
    site: "site-a",
    clock: { nowMs: () => 7, wait: async () => undefined },
    ...changes,
  });

const wish: Wish = {
  application: "mpr",
  plans: [planDigest],
  parameters: { stacks: [{ orientation: "axial" }], imagesMax: 8 },
  priority: "stat",
  language: "en",
};

test("what is asked for is in the ledger as the rule would have put it, once however often it is asked", async () => {
  await withStudy(received, settled);
  const first = await asking().request(study, wish);
  expect(first).toMatchObject({ changed: true });
  const { job } = first as Extract<typeof first, { job: unknown }>;
  const [commit] = await log.read(jobStream(job));
  expect(commit!.events[0]).toMatchObject({
    context: { site: "site-a", actor: "api:site-a", atMs: 7 },
    event: {
      type: "JobRequested",
      study,
      application: "mpr",
      plan: planDigest,
      inputSite: "site-b",
      inputBytes: 1000,
      priority: "stat",
      parameters: wish.parameters,
    },
  });
  expect(await asking().request(study, wish)).toEqual({ job, changed: false });
  expect(await log.read(jobStream(job))).toHaveLength(1);
});

test("the options name the volumes and, for each, parameters that the same API accepts", async () => {
  await withStudy(received, settled);
  const options = await asking().options(study);
  expect(options).toMatchObject({
    study,
    volumes: [{ plan: planDigest, modality: "CT", slices: 8 }],
    applications: [{ id: "mpr", takes: "volume", schema: { type: "object" } }],
  });
  const [offer] = (options as Exclude<typeof options, { refused: string }>).applications[0]!.offers;
  const parameters = (offer as { parameters: Wish["parameters"] }).parameters;
  expect(await asking().request(study, { ...wish, parameters })).toMatchObject({ changed: true });
});

test("an application that would refuse the volume says so before anybody asks, and when it is asked", async () => {
  const single: VolumePlan = { ...plan, geometry: { ...plan.geometry, slices: 1 } };
  const readObject = async () => encodeVolumePlan(single);
  await withStudy(received, settled);
  const { applications } = (await asking({ readObject }).options(study)) as Exclude<
    Awaited<ReturnType<ReturnType<typeof asking>["options"]>>,
    { refused: string }
  >;
  expect(applications[0]!.offers).toMatchObject([{ refused: { code: "TOO_FEW_SLICES" } }]);
  expect(await asking({ readObject }).request(study, wish)).toMatchObject({ refused: "TOO_FEW_SLICES" });
});

test.each([
  ["CLUSTER_FULL", "900 jobs wait"],
  ["TOO_BIG_FOR_ANY_NODE", "the largest of the 2 nodes gives 8 MiB"],
])("%s is told with its reason, and nothing is recorded", async (code, reason) => {
  await withStudy(received, settled);
  admission = { ...refusal(code, reason), forecastMs: null };
  expect(await asking().request(study, wish)).toEqual({ refused: code, reason });
  expect(await allJobs()).toEqual([]);
});

test("an unknown study, one that still comes in, another study's volume and an absent ledger are refused", async () => {
  expect(await asking().request(study, wish)).toMatchObject({ refused: "STUDY_UNKNOWN" });
  await withStudy(received);
  expect(await asking().options(study)).toMatchObject({ refused: "STUDY_RECEIVING" });
  expect(await asking({ log: () => undefined }).request(study, wish)).toMatchObject({
    refused: "LEDGER_UNREACHABLE",
  });
  log = memoryLog();
  await withStudy(received, settled);
  const elsewhere = { ...wish, plans: [digestOf("another plan")] as Digest[] };
  expect(await asking().request(study, elsewhere)).toMatchObject({ refused: "VOLUME_UNKNOWN" });
  expect(await allJobs()).toEqual([]);
});

async function allJobs(): Promise<readonly unknown[]> {
  const jobs: unknown[] = [];
  for await (const commit of log.readAll()) if (commit.stream.kind === "job") jobs.push(commit);
  return jobs;
}
