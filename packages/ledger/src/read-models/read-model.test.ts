import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SiteId, Uuid } from "@releve/domain/ids";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { decodeCommit } from "../event-codec.ts";
import type { Commit, EventLog, Position, Version } from "../event-log.ts";
import { jobId, newEvent, take } from "../event-log.contract.ts";
import { LedgerFault } from "../faults.ts";
import { sampleEvents } from "../golden.fixture.ts";
import { memoryLog } from "../memory-log.ts";
import { adoptionStream, jobStream, nodeStream, studyStream } from "../streams.ts";
import { catchUpReadModel, followReadModel } from "./follow-read-model.ts";
import { appendHospitalDays } from "./hospital-days.fixture.ts";
import { openReadModel, type ReadModel } from "./open-read-model.ts";
import { markUnsynced } from "./unsynced-mark.ts";

const events = 1_000;
/** Machines that run the tests are busy. */
const patient = { timeout: 20_000 };
let log: EventLog;
let dir: string;
let commits: Commit[];
const open: ReadModel[] = [];

beforeAll(async () => {
  log = memoryLog();
  await appendHospitalDays(log, events);
  commits = await take(log.readAll(), Infinity);
});

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "releve-model-"));
});

afterEach(async () => {
  for (const model of open.splice(0)) model.close();
  await rm(dir, { recursive: true });
});

const fileOf = (name: string): string => join(dir, `${name}.sqlite`);

function opened(name: string, said: string[] = []): ReadModel {
  const model = openReadModel({ file: fileOf(name), onRebuild: (why) => said.push(why) });
  open.push(model);
  return model;
}

const close = (model: ReadModel): void => {
  open.splice(open.indexOf(model), 1);
  model.close();
};

async function replayed(name: string, batchCommits: number): Promise<ReadModel> {
  const model = opened(name);
  await catchUpReadModel(log, model, { batchCommits });
  return model;
}

/** The file without free pages and history of its writing. */
async function packed(name: string): Promise<Buffer> {
  const db = new DatabaseSync(fileOf(name));
  db.exec(`VACUUM INTO '${fileOf(`${name}-packed`)}'`);
  db.close();
  return readFile(fileOf(`${name}-packed`));
}

test("two replays agree row for row and byte for byte, whatever the transactions were", async () => {
  const [one, hundreds] = [await replayed("one", 1), await replayed("hundreds", 700)];
  expect(hundreds.digest()).toBe(one.digest());
  expect(one.checkpoint()).toMatchObject({
    epoch: 1,
    position: commits.at(-1)!.position,
    commits: commits.length,
  });
  close(one);
  close(hundreds);
  expect((await packed("hundreds")).equals(await packed("one"))).toBe(true);
});

test("a replay that was stopped and started again in the middle gives the same", async () => {
  const whole = await replayed("whole", 500);
  let after: Position | undefined;
  for (const [first, last] of [
    [0, 1],
    [1, 333],
    [333, 334],
    [334, commits.length],
  ] as const) {
    const model = opened("parts");
    const part = commits.slice(first, last);
    expect(model.write(part, 1, after)).toBe(true);
    after = part.at(-1)!.position;
    close(model);
  }
  expect(opened("parts").digest()).toBe(whole.digest());
});

test("a long replay, written by another thread, gives the same, and the model goes on after it", async () => {
  const model = opened("thread");
  model.write(commits.slice(0, 100), 1, undefined);
  const written: number[] = [];
  await catchUpReadModel(log, model, {
    batchCommits: 300,
    longAfterCommits: 300,
    onWritten: (batch) => written.push(batch.length),
  });
  expect(written.length).toBeGreaterThan(1);
  expect(model.digest()).toBe((await replayed("alone", 500)).digest());
  expect(model.write(commits.slice(-10), 1, commits.at(-11)!.position)).toBe(true);
  expect(model.checkpoint().commits).toBe(commits.length);
});

test("a long replay into a file that another process writes is given up, not mixed up", async () => {
  const [first, second] = [opened("raced"), opened("raced")];
  const long = first.handOver(1)!;
  await long.give(commits.slice(0, 100));
  await vi.waitUntil(() => second.checkpoint().commits === 100, patient);
  expect(second.write(commits.slice(100, 200), 1, commits[99]!.position)).toBe(true);
  await long.give(commits.slice(100, 150));
  await expect(long.end()).rejects.toMatchObject({ code: "LEDGER_READ_MODEL_FAILED" });
  await catchUpReadModel(log, first);
  expect(first.digest()).toBe((await replayed("alone", 500)).digest());
});

test("a thread that cannot open the file ends the long replay with a fault, not with a wait", async () => {
  const writer = opened("locked");
  const blocked = writer.handOver(1)!;
  rmSync(fileOf("locked"));
  mkdirSync(fileOf("locked")); // before the thread has come so far: no database can be opened there
  await expect(blocked.give(commits.slice(0, 10)).then(() => blocked.end())).rejects.toMatchObject({
    code: "LEDGER_READ_MODEL_FAILED",
  });
  await rm(fileOf("locked"), { recursive: true });
});

test("commits that come again change nothing, and a gap is refused", async () => {
  const model = await replayed("again", 500);
  const digest = model.digest();
  expect(model.write(commits.slice(-50), 1, commits.at(-51)!.position)).toBe(true);
  expect(model.digest()).toBe(digest);
  expect(opened("gap").write(commits.slice(10, 20), 1, commits[9]!.position)).toBe(false);
  expect(opened("gap").checkpoint().commits).toBe(0);
});

test("two processes that write one file do not disturb each other", async () => {
  const [first, second] = [opened("shared"), opened("shared")];
  let after: Position | undefined;
  for (let index = 0; index < commits.length; index += 100) {
    const batch = commits.slice(index, index + 100);
    const writers = index % 300 === 0 ? [second, first] : [first, second];
    for (const model of writers) expect(model.write(batch, 1, after)).toBe(true);
    after = batch.at(-1)!.position;
  }
  expect(first.digest()).toBe((await replayed("alone", 500)).digest());
});

test("SIGKILL in the middle of a transaction leaves a file that goes on to the same end", async () => {
  const victim = new URL("./read-model.victim.ts", import.meta.url).pathname;
  for (const killAfter of [1, 2]) {
    const child = spawn(process.execPath, [victim, fileOf("killed"), String(killAfter)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    expect(said.toString()).toBe("in the middle\n");
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  const model = opened("killed");
  const { commits: kept } = model.checkpoint();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(commits.length);
  await catchUpReadModel(log, model);
  expect(model.digest()).toBe((await replayed("unhurt", 500)).digest());
});

test("a file that is damaged, no database or of another version is built anew, and it is said why", async () => {
  const digest = (await replayed("good", 500)).digest();
  for (const spoil of [
    (file: string) => writeFile(file, "this is no database, whatever its name says; ".repeat(200)),
    (file: string) => truncate(file, 40_000),
    async (file: string) => {
      const db = new DatabaseSync(file);
      db.exec("UPDATE progress SET version = 'of yesterday'");
      db.close();
    },
  ]) {
    const model = await replayed("bad", 500);
    close(model);
    await spoil(fileOf("bad"));
    const said: string[] = [];
    const mended = opened("bad", said);
    mended.ask((queries) => queries.events({ limit: 10 }));
    await catchUpReadModel(log, mended);
    expect(said.length).toBeGreaterThan(0);
    expect(mended.digest()).toBe(digest);
    close(mended);
    await rm(fileOf("bad"));
  }
});

test("a file that was not synced when the machine stopped is built anew; one of a killed process is kept", async () => {
  const digest = (await replayed("cut", 500)).digest();
  close(open.at(-1)!);
  const mark = `${fileOf("cut")}-unsynced`;
  const said: string[] = [];
  markUnsynced(fileOf("cut"));
  const kept = opened("cut", said);
  expect(kept.digest()).toBe(digest);
  close(kept);
  expect(existsSync(mark)).toBe(false);
  await writeFile(mark, "another start of this machine");
  const emptied = opened("cut", said);
  expect(said).toEqual(["the machine stopped while it was being filled"]);
  expect(existsSync(mark)).toBe(false);
  await catchUpReadModel(log, emptied, { batchCommits: 300, longAfterCommits: 300 });
  expect(emptied.digest()).toBe(digest);
  expect(existsSync(mark)).toBe(false);
});

test("another epoch, or another ledger under the same address, makes the model anew", async () => {
  const said: string[] = [];
  const model = opened("moved", said);
  await catchUpReadModel(log, model);
  await catchUpReadModel({ ...log, epoch: 2 }, model);
  expect(said).toEqual(["it was made under epoch 1, and the ledger has epoch 2"]);
  const other = memoryLog();
  await appendHospitalDays(other, 100);
  await catchUpReadModel({ ...other, epoch: 2 }, model);
  expect(said[1]).toContain("must be another one");
  const fresh = opened("fresh");
  await catchUpReadModel({ ...other, epoch: 2 }, fresh);
  expect(model.digest()).toBe(fresh.digest());
});

test("what this code cannot read is kept at its place and shown, and the rest goes on", async () => {
  const job = jobId("newer");
  const { 0: first } = commits;
  const { eventId, context } = newEvent("pondered", { type: "JobCancelled", job, reason: "x" });
  const json = JSON.stringify({ eventId, schema: 1, context, event: { type: "JobPondered", job } });
  const strange: Commit = {
    stream: jobStream(job),
    version: first!.version,
    position: first!.position,
    events: [{ ...newEvent("after", { type: "JobCancelled", job, reason: "x" }), schema: 1 }],
    unread: [{ index: 0, why: "unknown-type", type: "JobPondered", schema: 1, json }],
  };
  const model = opened("unread");
  model.write([strange], 1, undefined);
  const shown = model.ask((queries) => queries.events({ stream: strange.stream }));
  expect(shown).toMatchObject([
    { n: 2, event: { type: "JobCancelled" } },
    { n: 1, unread: "unknown-type", json },
  ]);
  expect(model.ask((queries) => queries.unreadCount())).toBe(1);
});

test("an event of no proper shape stops nothing: it is kept unread, and the others of its commit count", () => {
  const { study, studyInstanceUid } = sampleEvents.StudyObjectsReceived;
  const entry = (event: object) => ({
    eventId: "00000000-0000-4000-8000-0000000000bb",
    schema: 1,
    context: { atMs: 1, site: "site-a", actor: "test" },
    event,
  });
  const received = sampleEvents.StudyObjectsReceived;
  const without = { type: "StudyObjectsReceived", study, studyInstanceUid };
  const stored = new TextEncoder().encode(
    JSON.stringify({
      format: 1,
      events: [entry(received), entry(without), entry({ ...received, study: 7 })],
    }),
  );
  const place = { version: 1 as Version, position: 1 as Position, stream: studyStream(study), stored };
  const model = opened("shapeless");
  expect(model.write([{ ...place, ...decodeCommit(stored) }], 1, undefined)).toBe(true);
  const shown = model.ask(({ events }) => events()).toReversed();
  expect(shown.map(({ unread }) => unread)).toEqual([null, "invalid", "invalid"]);
  expect(model.ask(({ unreadCount }) => unreadCount())).toBe(2);
  expect(model.ask(({ view }) => view("study", study))).toMatchObject({
    objectCount: received.objects.length,
  });
  expect(model.checkpoint()).toMatchObject({ commits: 1, events: 3 });
});

test("what is asked is answered as the events say", async () => {
  const model = await replayed("asked", 500);
  const ask = model.ask;
  const counts = ask((queries) => queries.counts("job"));
  const types = commits.flatMap((commit) => commit.events.map(({ event }) => event.type));
  const countOf = (type: string) => types.filter((other) => other === type).length;
  expect(counts).toEqual({ completed: countOf("JobCompleted"), failed: countOf("JobDeadLettered") });

  const [failed] = ask((queries) => queries.views("job", { status: "failed", limit: 1 }));
  expect(failed).toMatchObject({ application: "mpr", reason: "The slices are not evenly spaced." });
  const done = ask((queries) => queries.views("job", { status: "completed", limit: 1 }))[0]!;
  const history = ask((queries) => queries.events({ job: done.job })).toReversed();
  expect(history.map((entry) => entry.unread ?? entry.event.type)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobCompleted",
    "DeliveryRequested",
    "Delivered",
  ]);
  expect(ask((queries) => queries.views("delivery", { job: done.job }))).toMatchObject([
    { status: "delivered" },
  ]);
  expect(ask((queries) => queries.views("job", { study: done.study }))).toHaveLength(3);
  expect(ask((queries) => queries.views("job", { id: done.job.slice(0, 8) }))).toHaveLength(1);
  expect(ask((queries) => queries.hasPicture(done.pictures[0]!.digest))).toBe(true);
  expect(ask((queries) => queries.hasPicture(done.outputs[0]!.digest))).toBe(false);
  expect(
    ask((queries) => queries.view("node", nodeStream("site-a" as SiteId, "a1" as never).id)),
  ).toMatchObject({
    node: "a1",
    status: "alive",
  });
  const studyTypes = ask((queries) => queries.events({ study: done.study })).map(
    (entry) => entry.stream.kind,
  );
  expect(new Set(studyTypes)).toEqual(new Set(["study", "job", "delivery"]));
});

test("a model follows the log, also over outages, and ends when the ledger is adopted", async () => {
  const own = memoryLog();
  for (const { stream, events } of commits.slice(0, 50)) {
    const before = (await own.read(stream)).at(-1)?.version ?? "none";
    expect((await own.append(stream, events, before)).appended).toBe(true);
  }
  const model = opened("live");
  const written: number[] = [];
  const outages: string[] = [];
  let failures = 2;
  const flaky: EventLog = {
    ...own,
    readAll: async function* (after) {
      if (failures-- > 0) throw new LedgerFault("LEDGER_UNREACHABLE", "no answer");
      yield* own.readAll(after);
    },
  };
  const ending = new AbortController();
  let caughtUp = false;
  const following = followReadModel(flaky, model, ending.signal, {
    clock: { nowMs: () => 0, wait: async () => {} },
    onWritten: (batch) => written.push(batch.length),
    onFault: ({ code }) => outages.push(code),
    onCaughtUp: () => (caughtUp = true),
  });
  await expect.poll(() => caughtUp, patient).toBe(true);
  expect(outages).toEqual(["LEDGER_UNREACHABLE", "LEDGER_UNREACHABLE"]);
  const job = jobId("late");
  await own.append(jobStream(job), [newEvent("late", { type: "JobCancelled", job, reason: "late" })], "none");
  await expect.poll(() => model.ask((queries) => queries.events({ job })), patient).toHaveLength(1);
  expect(written.reduce((sum, count) => sum + count, 0)).toBe(51);
  const adopted = { type: "LedgerAdopted", epoch: 2, tail: 5, remembered: 9, report: null } as const;
  const eventId = "00000000-0000-4000-8000-0000000000ad" as Uuid;
  const context = { atMs: 1, site: "site-a", actor: "operator" };
  await own.append(adoptionStream, [{ eventId, context, event: adopted }], "none");
  expect(await following).toBe("epoch-changed");
});
