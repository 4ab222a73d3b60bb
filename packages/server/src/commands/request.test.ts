import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApi } from "@releve/api/start-api";
import { digestOf, studyIdOf, type Uuid } from "@releve/domain/ids";
import { encodeVolumePlan, type VolumePlan } from "@releve/domain/series-split";
import type { LedgerEvent } from "@releve/ledger/events";
import { memoryLog } from "@releve/ledger/memory-log";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import { studyStream } from "@releve/ledger/streams";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { request, type RequestArgs } from "./request.ts";

const studyInstanceUid = "1.2.826.1";
const study = studyIdOf(studyInstanceUid);
const plan = (series: string): VolumePlan => ({
  studyInstanceUid,
  seriesInstanceUid: series,
  modality: "CT",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
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
  slices: [],
  findings: [],
});
const stored = new Map(
  ["1.2.826.1.1", "1.2.826.1.2"].map((series) => {
    const bytes = encodeVolumePlan(plan(series));
    return [digestOf(bytes), { series, bytes }];
  }),
);
const settled = {
  type: "StudySettled",
  study,
  revision: 1,
  series: [...stored].map(([digest, { series }]) => ({
    seriesInstanceUid: series,
    modality: "CT",
    objectCount: 0,
    volumes: [{ plan: digest, slices: 8, findings: [] }],
    leftOut: [],
  })),
};

let data: string;
let url: string;
let log = memoryLog();
const ends: (() => Promise<unknown>)[] = [];
const said = { stdout: "", stderr: "" };

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "releve-request-"));
  log = memoryLog();
  const received = { type: "StudyObjectsReceived", study, studyInstanceUid, objects: [] };
  const news = [received, settled].map((event, index) => ({
    eventId: `00000000-0000-4000-8000-00000000000${index}` as Uuid,
    context: { atMs: 1, site: "site-a", actor: "test" },
    event: event as unknown as LedgerEvent,
  }));
  await log.append(studyStream(study), news, "none");
  const model = openReadModel();
  await catchUpReadModel(log, model);
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    consoleDir: data,
    operatorUri: "releve://test",
    place: { site: "site-a", address: "127.0.0.1", otherSites: [] },
    model,
    log: () => log,
    health: () => ({ silentSinceMs: 1, members: [], last: undefined, bytes: 0 }),
    drill: () => undefined,
    readObject: async (digest) => stored.get(digest)!.bytes,
    nodes: () => [],
  });
  url = api.url;
  for (const stream of ["stdout", "stderr"] as const) {
    said[stream] = "";
    vi.spyOn(process[stream], "write").mockImplementation((line) => {
      said[stream] += String(line);
      return true;
    });
  }
  ends.push(
    api.close,
    async () => model.close(),
    () => rm(data, { recursive: true }),
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of ends.splice(0)) await end();
});

const run = (args: Omit<RequestArgs, "data">) => request({ data, console: url, ...args });
const parameters = JSON.stringify({ stacks: [{ orientation: "axial" }], imagesMax: 4 });

async function jobEvents() {
  const events: Extract<LedgerEvent, { type: "JobRequested" }>[] = [];
  for await (const commit of log.readAll())
    for (const item of commit.events)
      if ("event" in item && item.event.type === "JobRequested") events.push(item.event);
  return events;
}

test("a series and an application are enough: the job is in the ledger once", async () => {
  expect(await run({ series: "1.2.826.1.2", app: "mpr", priority: "stat" })).toBe(0);
  expect(said.stdout).toMatch(/^job [0-9a-f-]{36} is requested\n$/);
  expect(await run({ series: "1.2.826.1.2", app: "mpr" })).toBe(0);
  expect(said.stdout).toContain("was asked for before");
  const events = await jobEvents();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ application: "mpr", study, priority: "stat" });
  expect(stored.get(events[0]!.plan)!.series).toBe("1.2.826.1.2");
});

test("without an application it says what there is, by the names that --volume takes", async () => {
  expect(await run({ study: studyInstanceUid })).toBe(0);
  const [first] = [...stored.keys()];
  expect(said.stdout).toContain(`${first!.slice(0, 12)}  CT  8 slices`);
  expect(said.stdout).toContain("mpr: Multiplanar reformatting");
  expect(await run({ study, app: "mpr", volume: first!.slice(0, 12), parameters })).toBe(0);
  expect(await jobEvents()).toMatchObject([{ plan: first, parameters: JSON.parse(parameters) }]);
});

test("a refusal is its sentence on stderr and the exit code 1", async () => {
  const [first] = [...stored.keys()];
  expect(await run({ study, app: "mpr", volume: first!, parameters: '{"imagesMax":4000}' })).toBe(1);
  expect(said.stderr).toMatch(/imagesMax: Too big.*stacks: |stacks: .*imagesMax: Too big/);
  expect(await run({ study: "1.2.826.9", app: "mpr" })).toBe(1);
  expect(said.stderr).toContain("There is no such study");
  expect(await jobEvents()).toEqual([]);
});

test.each([
  [{ study, app: "mpr" }, "VOLUME_AMBIGUOUS"],
  [{ study, app: "mpr", volume: "zz" }, "VOLUME_UNKNOWN"],
  [{ study, app: "ghost" }, "APPLICATION_UNKNOWN"],
  [{ series: "1.2.826.9" }, "STUDY_UNKNOWN"],
  [{ study: "my study" }, "STUDY_UNKNOWN"],
  [{ series: "1.2.826.1.1", app: "mpr", parameters: "{" }, "PARAMETERS_INVALID"],
  [{ series: "1.2.826.1.1", app: "mpr", priority: "now" }, "PRIORITY_UNKNOWN"],
] as const)("%o is %s", async (args, code) => {
  await expect(run(args)).rejects.toMatchObject({ code });
});

test("where nothing runs it says so", async () => {
  await expect(request({ data, study })).rejects.toMatchObject({ code: "NOT_RUNNING" });
  const gone = request({ data, study, console: "http://127.0.0.1:9" });
  await expect(gone).rejects.toMatchObject({ code: "API_FAILED" });
});
