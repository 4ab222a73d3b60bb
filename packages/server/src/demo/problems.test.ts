import { expect, test } from "vitest";
import { problemsOf } from "./problems.ts";
import type { JobSummary, Summary } from "./summary.ts";

const job: JobSummary = {
  job: "j1",
  study: "s1",
  application: "mpr",
  applicationVersion: "1",
  status: "completed",
  priority: "routine",
  deadlineAtMs: null,
  requestedAtMs: 0,
  attempts: 2,
  node: "b1",
  remarks: [],
  results: [{ sopInstanceUid: "1.2.3" }],
  pictures: [],
};

const whole: Omit<Summary, "ok" | "problems"> = {
  sent: [{ file: "a.dcm", outcome: "stored", sopInstanceUid: "1.2.9" }],
  studies: [
    {
      study: "s1",
      studyInstanceUid: "1.2",
      status: "ruled",
      site: "site-a",
      openedAtMs: 0,
      lastReceivedAtMs: 0,
      objectCount: 1,
      quarantinedCount: 0,
      replicas: {},
      sole: [],
      decisions: [],
      revision: 1,
      series: [{ seriesInstanceUid: "1.2.1", modality: "CT", objectCount: 1, volumes: [], leftOut: [] }],
    },
  ],
  jobs: [job],
  deliveries: ["archive-dimse", "archive-stow"].map((destination) => ({
    delivery: "d",
    study: "s1",
    job: "j1",
    destination,
    site: "site-a",
    status: "delivered",
    attempts: 1,
  })),
  failover: { killedNode: "a1", job: "j1", finishedBy: "b1", gapMs: 1500 },
  events: [],
};

const expected = { destinations: 2, killsNode: true };

test("a run of which all parts happened has no problem", () => {
  expect(problemsOf(whole, expected)).toEqual([]);
});

test.each<[string, Partial<typeof whole>]>([
  ["no file was accepted", { sent: [] }],
  ["1 objects were stored, but the settled studies hold 0", { studies: [] }],
  ["job j1 did not finish", { jobs: [{ ...job, status: "waiting" }], deliveries: whole.deliveries }],
  ["job j1 has a result twice", { jobs: [{ ...job, results: [...job.results, ...job.results] }] }],
  ["1 of 2 deliveries arrived", { deliveries: whole.deliveries.slice(0, 1) }],
  ["no node was killed in the middle of a job", { failover: null }],
  [
    "nobody took over the job of a1",
    { failover: { killedNode: "a1", job: "j1", finishedBy: null, gapMs: null } },
  ],
])("%s", (sentence, change) => {
  expect(problemsOf({ ...whole, ...change }, expected)).toContain(sentence);
});
