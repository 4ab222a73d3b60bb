import { studyIdOf } from "@releve/domain/ids";
import { memoryLog } from "@releve/ledger/memory-log";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import { appendHospitalDays } from "@releve/ledger/read-models/hospital-days.fixture";
import { openReadModel, type ReadModel } from "@releve/ledger/read-models/open-read-model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { historyOf, momentOf } from "./history.ts";

let model: ReadModel;
let written: number;

beforeAll(async () => {
  const log = memoryLog();
  written = await appendHospitalDays(log, 200);
  model = openReadModel();
  await catchUpReadModel(log, model);
});
afterAll(() => model.close());

const history = (args: Parameters<typeof historyOf>[1]) => model.ask((queries) => historyOf(queries, args));
const typesOf = (entries: ReturnType<typeof history>) =>
  entries.map((entry) => (entry.unread === null ? entry.event.type : entry.unread));

test("without a wish every event is shown, oldest first", () => {
  const all = history({});
  expect(all).toHaveLength(written);
  expect(all.map(({ n }) => n)).toEqual(all.map((_, index) => index + 1));
});

test("a study is found by its id, the start of it, or its Study Instance UID", () => {
  const uid = "2.25.1000000";
  const study = studyIdOf(uid);
  const shown = history({ study });
  expect(typesOf(shown)).toContain("StudySettled");
  expect(typesOf(shown)).toContain("JobCompleted");
  for (const name of [study.slice(0, 8), uid]) expect(history({ study: name })).toEqual(shown);
});

test("a job is followed from its request to its delivery by the start of its id", () => {
  const { job } = model.ask((queries) => queries.views("job", { status: "completed", limit: 1 }))[0]!;
  expect(typesOf(history({ job: job.slice(0, 8) }))).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobCompleted",
    "DeliveryRequested",
    "Delivered",
  ]);
  expect(() => history({ job: "no-such-job" })).toThrow("there is no job no-such-job");
});

test("a moment that is none is refused with an example", () => {
  expect(momentOf(undefined)).toBe(0);
  expect(momentOf("1970-01-01T00:00:01.500Z")).toBe(1_500);
  expect(() => momentOf("yesterday")).toThrow("2026-01-31T08:00Z");
});
