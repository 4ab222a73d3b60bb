import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, type JobId, type Uuid } from "@releve/domain/ids";
import type { LedgerEvent } from "@releve/ledger/events";
import { memoryLog } from "@releve/ledger/memory-log";
import { jobStream } from "@releve/ledger/streams";
import { afterEach, beforeEach, expect, test } from "vitest";
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

let api: Api;
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
  api = await startApi({
    host: "127.0.0.1",
    port: 0,
    consoleDir,
    log,
    readObject: async () => Uint8Array.of(0x89, 0x50),
    nodes: () => [
      { node: "a1", site: "site-a", status: "alive", slots: 1, busy: 0, loopLagMs: 0, progress: {} },
    ],
  });
});

afterEach(async () => {
  await api.close();
  await rm(consoleDir, { recursive: true });
});

async function ask(path: string, input: unknown = {}): Promise<unknown> {
  const response = await fetch(`${api.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);
  const body = (await response.json()) as { result?: { data: unknown }; error?: unknown };
  return body.result?.data ?? body.error;
}

test("jobs are listed as the ledger has them, also those of later", async () => {
  expect(await ask("jobs.list")).toMatchObject([{ job, status: "waiting", application: "mpr" }]);
  await append(claimed, 2);
  await expect.poll(() => ask("jobs.get", { job })).toMatchObject({ job: { status: "running", node: "a1" } });
});

test("what does not exist and what is no id are told apart from a failure", async () => {
  expect(await ask("jobs.get", { job: study })).toMatchObject({ data: { code: "NOT_FOUND" } });
  expect(await ask("jobs.get", { job: "'; DROP" })).toMatchObject({ data: { code: "BAD_REQUEST" } });
});

test("a change is pushed to a subscriber", async () => {
  const ending = new AbortController();
  const response = await fetch(`${api.url}/trpc/live`, {
    signal: ending.signal,
    headers: { accept: "text/event-stream" },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  await append(claimed, 2);
  while (!text.includes('"kinds"')) text += (await reader.read()).value ?? "";
  expect(text).toContain('["job"]');
  ending.abort();
});

test("only pictures that a completion named are served", async () => {
  expect((await fetch(`${api.url}/pictures/${picture}`)).status).toBe(404);
  await append(claimed, 2);
  await append(completed, 3);
  await expect.poll(async () => (await fetch(`${api.url}/pictures/${picture}`)).status).toBe(200);
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
