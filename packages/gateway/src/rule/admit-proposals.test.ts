import { refusal } from "@releve/domain/refusal";
import { digestOf, type JobId } from "@releve/domain/ids";
import type { Admission } from "@releve/ledger/dispatch/admission";
import type { JobRequest } from "@releve/ledger/events/job";
import { expect, test } from "vitest";
import { admitProposals } from "./admit-proposals.ts";

const job = (name: string, needBytes: number) => ({ job: name as JobId, needBytes }) as JobRequest;
const proposal = (...jobs: JobRequest[]) => ({
  application: "mpr",
  applicationVersion: "1",
  plan: digestOf("plan"),
  jobs,
});
const yes: Admission = { admitted: true, forecastMs: 0 };

test("what no node can hold becomes the application's refusal, the rest is asked for", () => {
  const tooBig = {
    ...refusal("TOO_BIG_FOR_ANY_NODE", "needs 9 MiB; the largest gives 8 MiB"),
    forecastMs: null,
  };
  const [admitted] = admitProposals([proposal(job("small", 1), job("big", 9))], ({ needBytes }) =>
    needBytes > 8 ? tooBig : yes,
  );
  expect(admitted!.jobs.map((one) => one.job)).toEqual(["small"]);
  expect(admitted!.refused).toEqual({
    code: "TOO_BIG_FOR_ANY_NODE",
    reason: "needs 9 MiB; the largest gives 8 MiB",
  });
});

test("a full cluster holds the whole study back, and says until when", () => {
  const full = {
    ...refusal("CLUSTER_FULL", "900 jobs wait: a slot is free in about 12 min."),
    forecastMs: 720_000,
  };
  const held = () => admitProposals([proposal(job("one", 1))], () => full);
  expect(held).toThrow("a slot is free in about 12 min");
  expect(held).toThrow(expect.objectContaining({ code: "CLUSTER_FULL", retry: "later" }));
});
