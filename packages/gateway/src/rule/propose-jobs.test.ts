import type { Application } from "@releve/apps/application";
import type { StudyInput } from "@releve/apps/request-job";
import { refusal } from "@releve/domain/refusal";
import type { Digest, SiteId, StudyId } from "@releve/domain/ids";
import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { z } from "zod";
import { proposeJobs } from "./propose-jobs.ts";

const plan: VolumePlan = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  modality: "CT",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  split: {},
  imageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
  geometry: {
    columns: 2,
    rows: 2,
    slices: 1,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 1],
  },
  regular: true,
  slices: [
    {
      digest: "a".repeat(64),
      sopInstanceUid: "1.2.3.4.5",
      sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
      frameIndex: 0,
    },
  ],
  findings: [],
};

const planDigest = "b".repeat(64) as Digest;

const input: StudyInput = {
  study: "3b6f0a54-0000-5000-8000-000000000000" as StudyId,
  volumes: [{ digest: planDigest, plan }],
  inputSite: "site-a" as SiteId,
  bytesOf: () => 10,
};

const common = (id: string) => ({
  id,
  version: "1.0.0",
  title: { en: id, fr: id },
  users: [],
  kernels: [],
  parameters: z.any(),
  compute: async () => refusal("NOT_HERE", "never computed in this test"),
});

type Takes<Kind> = Extract<Application, { takes: Kind }>["propose"];
const application = (id: string, propose: Takes<"volume">): Application => ({
  ...common(id),
  takes: "volume",
  propose,
});
const together = (id: string, propose: Takes<"volumes">): Application => ({
  ...common(id),
  takes: "volumes",
  propose,
});

test("each proposal becomes one job, and the same proposal is the same job whatever the order of its keys", () => {
  const one = proposeJobs([application("mpr", () => [{ plane: "coronal", spacingMm: 1 }])], input);
  const two = proposeJobs([application("mpr", () => [{ spacingMm: 1, plane: "coronal" }])], input);
  expect(one[0]!.jobs).toHaveLength(1);
  expect(one[0]!.jobs[0]!.job).toBe(two[0]!.jobs[0]!.job);
});

test("another slice's bytes are another job", () => {
  const changedPlan = { ...plan, slices: [{ ...plan.slices[0]!, digest: "c".repeat(64) }] };
  const changed = { ...input, volumes: [{ digest: planDigest, plan: changedPlan }] };
  const apps = [application("mpr", () => [{ plane: "coronal" }])];
  expect(proposeJobs(apps, input)[0]!.jobs[0]!.job).not.toBe(proposeJobs(apps, changed)[0]!.jobs[0]!.job);
});

test("an application that refuses is recorded with its reason and asks for no job", () => {
  const [proposal] = proposeJobs(
    [application("mpr", () => refusal("TOO_FEW_SLICES", "one slice is no volume"))],
    input,
  );
  expect(proposal).toMatchObject({ jobs: [], refused: { code: "TOO_FEW_SLICES" } });
});

test("volumes that belong together are one job, which names their plans in order and counts each object once", () => {
  const second = { digest: "d".repeat(64) as Digest, plan: { ...plan, split: { bValue: 1000 } } };
  const both = { ...input, volumes: [...input.volumes, second] };
  const app = together("adc", ([b0, b1000]) => [{ plans: [b1000!, b0!], parameters: { fit: "linear" } }]);
  const [proposal] = proposeJobs([app], both);
  expect(proposal).toMatchObject({ plan: second.digest });
  expect(proposal!.jobs).toMatchObject([{ plan: second.digest, otherPlans: [planDigest], inputBytes: 10 }]);
});

test("a refusal of volumes that belong together stands at the first of them", () => {
  const refused = refusal("B_VALUES_MISSING", "one b-value is no curve");
  const app = together("adc", (plans) => [{ plans: [plans[0]!], refused }]);
  expect(proposeJobs([app], input)).toMatchObject([
    { plan: planDigest, jobs: [], refused: { code: "B_VALUES_MISSING" } },
  ]);
});

test("a volume alone is asked for without other plans: its request is what it always was", () => {
  const [proposal] = proposeJobs([application("mpr", () => [{}])], input);
  expect(Object.keys(proposal!.jobs[0]!)).not.toContain("otherPlans");
});

test("an application that neither wants a job nor refuses is not mentioned", () => {
  const proposals = proposeJobs([application("rendering", () => []), application("mpr", () => [{}])], input);
  expect(proposals.map((proposal) => proposal.application)).toEqual(["mpr"]);
});
