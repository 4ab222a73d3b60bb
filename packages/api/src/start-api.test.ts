import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, type JobId, type StudyId, type Uuid } from "@releve/domain/ids";
import type { Position, StreamId } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import type { LedgerHealth } from "@releve/ledger/jetstream/ledger-health";
import { memoryLog } from "@releve/ledger/memory-log";
import { followReadModel } from "@releve/ledger/read-models/follow-read-model";
import { openReadModel, type ReadModel } from "@releve/ledger/read-models/open-read-model";
import { jobStream, studyStream } from "@releve/ledger/streams";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startApi, type Api } from "./start-api.ts";

const picture = digestOf("picture");
const job = "00000000-0000-5000-8000-000000000001" as JobId;
const study = "00000000-0000-5000-8000-000000000002";
const context = { atMs: 1, site: "site-a", actor: "test" };

const requested = {
  type: "JobRequested",
  job,
  study,
  application: "mpr",
  applicationVersion: "1",
  parameters: {},
  plan: digestOf("plan"),
  inputSite: "site-a",
  inputBytes: 1,
  needBytes: 1,
  priority: "routine" as const,
  deadlineAtMs: null,
} as unknown as LedgerEvent;
const claimed = {
  type: "JobClaimed",
  job,
  node: "a1",
  site: "site-a",
  attempt: 1,
  epoch: 1,
  aheadMs: 0,
} as LedgerEvent;
const completed = {
  type: "JobCompleted",
  job,
  node: "a1",
  site: "site-a",
  attempt: 1,
  token: { epoch: 1, version: 2 },
  outputs: [],
  engine: "test",
  computeMs: 5,
  remarks: [],
  pictures: [{ digest: picture, seriesInstanceUid: "1.2", title: "MPR" }],
} as unknown as LedgerEvent;

const silent: LedgerHealth = { silentSinceMs: 1, members: [], last: undefined, bytes: 0 };

/** Machines that run the tests are busy. */
const patient = { timeout: 20_000 };

let api: Api;
let model: ReadModel;
let following: Promise<unknown>;
let ending: AbortController;
let reached = true;
let consoleDir: string;
let log = memoryLog();

async function append(event: LedgerEvent, number: number): Promise<void> {
  const before = await log.read(jobStream(job));
  const eventId = `00000000-0000-4000-8000-00000000000${number}` as Uuid;
  const outcome = await log.append(
    jobStream(job),
    [{ eventId, context, event }],
    before.at(-1)?.version ?? "none",
  );
  expect(outcome.appended).toBe(true);
}

beforeEach(async () => {
  log = memoryLog();
  consoleDir = await mkdtemp(join(tmpdir(), "releve-console-"));
  await writeFile(join(consoleDir, "index.html"), "<!doctype html><title>Relève</title>");
  await append(requested, 1);
  model = openReadModel();
  reached = true;
  api = await startApi({
    host: "127.0.0.1",
    port: 0,
    consoleDir,
    operatorUri: "releve://test",
    place: { site: "site-a", address: "127.0.0.1", otherSites: [] },
    model,
    log: () => (reached ? log : undefined),
    health: () => silent,
    drill: () => undefined,
    readObject: async () => Uint8Array.of(0x89, 0x50),
    nodes: () => [
      { node: "a1", site: "site-a", status: "alive", slots: 1, busy: 0, loopLagMs: 0, progress: {} },
    ],
  });
  ending = new AbortController();
  following = followReadModel(log, model, ending.signal, { onWritten: api.onWritten });
  await vi.waitUntil(() => model.checkpoint().commits === 1, patient);
});

afterEach(async () => {
  ending.abort();
  await following;
  await api.close();
  model.close();
  await rm(consoleDir, { recursive: true });
});

async function tell(path: string, input: unknown): Promise<{ status: number; said: unknown }> {
  const response = await fetch(`${api.url}/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const body = (await response.json()) as { result?: { data: unknown }; error?: unknown };
  return { status: response.status, said: body.result?.data ?? body.error };
}

async function ask(path: string, input: unknown = {}): Promise<unknown> {
  const response = await fetch(`${api.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
  const body = (await response.json()) as { result?: { data: unknown }; error?: unknown };
  return body.result?.data ?? body.error;
}

test("jobs are listed as the ledger has them, also those of later", async () => {
  expect(await ask("jobs.list")).toMatchObject([{ job, status: "waiting", application: "mpr" }]);
  await append(claimed, 2);
  await expect
    .poll(() => ask("jobs.get", { job }), patient)
    .toMatchObject({ job: { status: "running", node: "a1" } });
});

test("a settled study says that it waits for room while the cluster is full, and no longer when it is not", async () => {
  const uuid = (number: number) => `00000000-0000-5000-9000-${String(number).padStart(12, "0")}`;
  const store = async (stream: StreamId, events: readonly object[], number: number) => {
    const news = events.map((event, index) => ({
      eventId: uuid(10 * number + index) as Uuid,
      context,
      event: event as LedgerEvent,
    }));
    expect((await log.append(stream, news, "none")).appended).toBe(true);
  };
  const received = { type: "StudyObjectsReceived", study, studyInstanceUid: "1.2", objects: [] };
  const settled = { type: "StudySettled", study, revision: 1, series: [] };
  await store(studyStream(study as StudyId), [received, settled], 0);
  const studyNow = () => ask("studies.get", { study });
  await expect.poll(studyNow, patient).toMatchObject({ status: "settled", waitsForRoom: null });
  // One waits already, and one slot takes a hundred.
  for (let number = 1; number < 100; number++) {
    const other = uuid(number) as JobId;
    await store(jobStream(other), [{ ...requested, job: other }], number);
  }
  await expect.poll(studyNow, patient).toMatchObject({ waitsForRoom: { forecastMs: null } });
  expect(await ask("studies.list")).toMatchObject([{ waitsForRoom: { forecastMs: null } }]);
  expect(await log.read(studyStream(study as StudyId))).toHaveLength(1);
  await append(claimed, 2);
  await expect.poll(studyNow, patient).toMatchObject({ waitsForRoom: null });
});

test("a job is cancelled and asked for again from this machine, and a refusal says why", async () => {
  expect(await ask("system.me")).toMatchObject({
    sites: "every",
    may: expect.arrayContaining(["jobs.cancel"]),
  });
  expect((await tell("jobs.cancel", { job })).said).toEqual({ changed: true });
  expect((await tell("jobs.cancel", { job })).said).toEqual({ changed: false });
  await expect.poll(() => ask("jobs.get", { job }), patient).toMatchObject({ job: { status: "cancelled" } });
  expect((await tell("jobs.retry", { job })).said).toEqual({ changed: true });
  expect((await tell("jobs.cancel", { job: study })).said).toMatchObject({ refused: "JOB_UNKNOWN" });
  expect((await tell("nodes.drain", { site: "site-a", node: "a1" })).said).toMatchObject({
    refused: "NODE_UNKNOWN",
  });
  expect((await tell("jobs.cancel", { job: "x" })).status).toBe(400);
});

test("without the ledger the model is shown, and nothing can be changed", async () => {
  reached = false;
  expect(await ask("jobs.list")).toMatchObject([{ job }]);
  expect((await tell("jobs.cancel", { job })).said).toMatchObject({ refused: "LEDGER_UNREACHABLE" });
});

test("sites are shown with the ledger and how far the model is behind it", async () => {
  api.onLedgerEnd(9 as Position);
  expect(await ask("system.sites")).toMatchObject({
    here: { site: "site-a" },
    sites: [{ site: "site-a", status: "unknown", nodesHeard: 1, slots: 1 }],
    ledger: { silentSinceMs: 1 },
    lag: { commits: 8 },
    model: { commits: 1, unread: 0 },
  });
  expect(await ask("nodes.list")).toMatchObject([{ node: "a1", heard: "alive", recorded: "unknown" }]);
});

test("what does not exist and what is no id are told apart from a failure", async () => {
  expect(await ask("jobs.get", { job: study })).toMatchObject({ data: { code: "NOT_FOUND" } });
  expect(await ask("jobs.get", { job: "'; DROP" })).toMatchObject({ data: { code: "BAD_REQUEST" } });
});

test("a change is pushed to a subscriber", async () => {
  const leaving = new AbortController();
  const response = await fetch(`${api.url}/trpc/live`, {
    signal: leaving.signal,
    headers: { accept: "text/event-stream" },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  await append(claimed, 2);
  while (!text.includes('"kinds"')) text += (await reader.read()).value ?? "";
  expect(text).toContain('["job"]');
  leaving.abort();
});

test("only pictures that a completion named are served", async () => {
  expect((await fetch(`${api.url}/pictures/${picture}`)).status).toBe(404);
  await append(claimed, 2);
  await append(completed, 3);
  await expect.poll(async () => (await fetch(`${api.url}/pictures/${picture}`)).status, patient).toBe(200);
  expect((await fetch(`${api.url}/pictures/${digestOf("a patient's image")}`)).status).toBe(404);
});

test("the console is served, with a policy that allows no script of others", async () => {
  const page = await fetch(`${api.url}/`);
  expect(await page.text()).toContain("Relève");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
});

test("another page's request is refused", async () => {
  const response = await fetch(`${api.url}/trpc/jobs.list?input={}`, {
    headers: { origin: "https://evil.example" },
  });
  expect(response.status).toBe(403);
});
