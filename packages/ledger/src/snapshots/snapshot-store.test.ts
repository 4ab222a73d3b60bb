import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { uuidV5, type Uuid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { execute } from "../command-handler.ts";
import type { Decider } from "../decider.ts";
import { sessionSteps, studySteps, type Step } from "../deciders/random-commands.fixture.ts";
import { sessionDecider, type SessionCommand, type SessionState } from "../deciders/session.ts";
import { studyDecider } from "../deciders/study.ts";
import type { Commit, EventLog, StreamId, Version } from "../event-log.ts";
import type { LedgerEvent } from "../events.ts";
import { load, type Snapshots } from "../fold.ts";
import { sampleEvents } from "../golden.fixture.ts";
import { memoryLog } from "../memory-log.ts";
import { sessionStream } from "../streams.ts";
import { sessionSnapshot } from "./session-snapshot.ts";
import type { SnapshotCodec } from "./snapshot-codec.ts";
import { openSnapshotStore, type SnapshotStore } from "./snapshot-store.ts";
import { studySnapshot } from "./study-snapshot.ts";

const context = { atMs: 1, site: "site-a", actor: "test" };
const namespace = "0d3a4c35-35b1-4c7e-8f3b-6d2f3c1f7a10" as Uuid;
const streamNamed = (name: string): StreamId => sessionStream(uuidV5(namespace, name));
const stream = streamNamed("session");

let folder: string;
let file: string;
let faults: unknown[];
let store: SnapshotStore;
const open = (options: object = {}) =>
  openSnapshotStore(file, {
    everyCommits: 3,
    inMemoryMax: 0,
    onFault: (error) => faults.push(error),
    ...options,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releve-snapshots-"));
  file = join(folder, "kept", "snapshots.sqlite");
  faults = [];
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A log that counts what is read from it. */
function counted(log: EventLog): EventLog & { readonly read: EventLog["read"]; commits: number } {
  const counting = {
    ...log,
    commits: 0,
    read: async (...args: Parameters<EventLog["read"]>) => {
      const commits = await log.read(...args);
      counting.commits += commits.length;
      return commits;
    },
  };
  return counting;
}

const { type: _type, epoch: _epoch, ...opening } = sampleEvents.SessionOpened;
const view = (slab: number): SessionCommand => ({ type: "saveView", epoch: 1, view: { slab } });

async function session(views: number, log = memoryLog()): Promise<EventLog> {
  const commands: SessionCommand[] = [{ type: "open", ...opening }];
  for (let slab = 1; slab <= views; slab++) commands.push(view(slab));
  for (const command of commands) await execute(log, stream, sessionDecider, command, context);
  return log;
}

const loadSession = (log: EventLog, snapshots?: Snapshots<SessionState>) =>
  load(log, stream, sessionDecider, snapshots);

/** Runs a random history twice, with snapshots and without, and compares what each command made of it. */
async function sameWithSnapshots<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  codec: SnapshotCodec<State>,
  steps: readonly Step<State, Command>[],
  name: string,
): Promise<void> {
  const of: StreamId = { kind: decider.kind, id: uuidV5(namespace, name) };
  const [plain, other] = [memoryLog(), memoryLog()];
  const snapshots = store.of(codec);
  let number = 0;
  const newEventId = () => uuidV5(namespace, `${name} event ${number++}`);
  for (const step of steps) {
    const command = step((await load(plain, of, decider)).state);
    const expected = await execute(plain, of, decider, command, context, newEventId);
    const done = await execute(other, of, decider, command, context, newEventId, snapshots);
    expect(done).toEqual(expected);
    if (!isRefusal(done))
      expect(await load(other, of, decider, snapshots)).toEqual(await load(plain, of, decider));
  }
}

/** Each history has a stream of its own: the same event ids in the same stream would be the same ledger. */
const everyHistory = <State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  codec: SnapshotCodec<State>,
  steps: fc.Arbitrary<Step<State, Command>>,
) => {
  let runs = 0;
  const histories = fc.array(steps, { maxLength: 30, size: "max" });
  const same = (some: readonly Step<State, Command>[]) =>
    sameWithSnapshots(decider, codec, some, `run ${runs++}`);
  return fc.assert(fc.asyncProperty(histories, same), { numRuns: 25 });
};

test.each([
  ["from the file", 0],
  ["from memory", 8],
])("with and without snapshots every study and session is the same: %s", async (_, inMemoryMax) => {
  store.close();
  store = open({ inMemoryMax });
  await expect(everyHistory(studyDecider, studySnapshot, studySteps)).resolves.toBeUndefined();
  await expect(everyHistory(sessionDecider, sessionSnapshot, sessionSteps)).resolves.toBeUndefined();
  expect(faults).toEqual([]);
});

test("the streams used last are in memory, and in the file whenever enough is not in it", async () => {
  store.close();
  store = open({ inMemoryMax: 1, everyCommits: 3 });
  const log = counted(await session(1));
  const snapshots = store.of(sessionSnapshot);
  await loadSession(log, snapshots);
  log.commits = 0;
  await loadSession(log, snapshots);
  expect(log.commits).toBe(1);
  expect(store.of(sessionSnapshot).latest(stream)).toBeUndefined();
  await execute(log, stream, sessionDecider, view(9), context);
  await loadSession(log, snapshots);
  expect(store.of(sessionSnapshot).latest(stream)?.state).toMatchObject({ view: { slab: 9 } });
  const other = streamNamed("other");
  await execute(log, other, sessionDecider, { type: "open", ...opening }, context);
  await load(log, other, sessionDecider, snapshots);
  expect(snapshots.latest(other)).toBeDefined();
});

test("only what came after the snapshot is read, besides the commit that it goes up to", async () => {
  const log = counted(await session(10));
  const snapshots = store.of(sessionSnapshot);
  const first = await loadSession(log, snapshots);
  expect(log.commits).toBe(11);
  await execute(log, stream, sessionDecider, view(99), context);
  log.commits = 0;
  const second = await loadSession(log, snapshots);
  expect(log.commits).toBe(2);
  expect(second).toMatchObject({ state: { view: { slab: 99 } } });
  expect(first.version).not.toBe(second.version);
});

test("a snapshot lasts over a restart", async () => {
  const log = counted(await session(5));
  await loadSession(log, store.of(sessionSnapshot));
  store.close();
  store = open();
  log.commits = 0;
  await loadSession(log, store.of(sessionSnapshot));
  expect(log.commits).toBe(1);
});

test("a snapshot of another ledger, where the same versions are other commits, is not used", async () => {
  const snapshots = store.of(sessionSnapshot);
  await loadSession(await session(5), snapshots);
  const other = await session(3);
  await execute(other, stream, sessionDecider, view(70), context);
  await execute(other, stream, sessionDecider, view(80), context);
  expect(await loadSession(other, snapshots)).toEqual(await loadSession(other));
  const older = await session(2);
  expect(await loadSession(older, snapshots)).toEqual(await loadSession(older));
});

test("a snapshot of another version of the decider is not used", async () => {
  const log = await session(5);
  await loadSession(log, store.of(sessionSnapshot));
  const newer = { ...sessionSnapshot, version: 2, fromJson: () => expect.fail("an old one was read") };
  expect(await loadSession(log, store.of(newer))).toEqual(await loadSession(log));
});

test("a row that was changed on the disk is not used", async () => {
  const log = await session(5);
  const snapshots = store.of(sessionSnapshot);
  await loadSession(log, snapshots);
  const db = new DatabaseSync(file);
  const { changes } = db.prepare(`UPDATE snapshots SET json = replace(json, '"slab":5', '"slab":6')`).run();
  db.close();
  expect(changes).toBe(1);
  expect(await loadSession(log, snapshots)).toEqual(await loadSession(log));
});

test("a file that is none is made anew", async () => {
  store.close();
  writeFileSync(file, "not a database, but longer than the header of one ".repeat(100));
  store = open();
  expect(faults).toHaveLength(1);
  const log = counted(await session(5));
  const snapshots = store.of(sessionSnapshot);
  await loadSession(log, snapshots);
  log.commits = 0;
  await loadSession(log, snapshots);
  expect(log.commits).toBe(1);
});

test("where no file can be made, everything goes on without", async () => {
  store.close();
  writeFileSync(join(folder, "a file"), "");
  store = openSnapshotStore(join(folder, "a file", "snapshots.sqlite"), {
    everyCommits: 1,
    inMemoryMax: 0,
    onFault: (error) => faults.push(error),
  });
  expect(faults.length).toBeGreaterThan(0);
  const log = await session(5);
  expect(await loadSession(log, store.of(sessionSnapshot))).toEqual(await loadSession(log));
});

test("an event that cannot be read still refuses, after a snapshot as before", async () => {
  const log = await session(5);
  const snapshots = store.of(sessionSnapshot);
  await loadSession(log, snapshots);
  await execute(log, stream, sessionDecider, view(60), context);
  const newer: EventLog = {
    ...log,
    read: async (...args) => {
      const commits = await log.read(...args);
      return [...commits.slice(0, -1), unreadable(commits.at(-1)!)];
    },
  };
  const refused = expect.objectContaining({ code: "LEDGER_NOT_UNDERSTOOD" }) as Error;
  await expect(loadSession(newer)).rejects.toThrow(refused);
  await expect(loadSession(newer, snapshots)).rejects.toThrow(refused);
});

const unreadable = (commit: Commit): Commit => ({
  ...commit,
  events: [],
  unread: [{ index: 0, why: "unknown-type", type: "SessionFrozen", schema: 1, json: "{}" }],
});

test("only so many streams have one: the newest", () => {
  store.close();
  store = open({ streamsMax: 2, everyCommits: 1 });
  const snapshots = store.of(sessionSnapshot);
  const streams = ["1", "2", "3"].map(streamNamed);
  const snapshot = {
    state: sessionDecider.initial,
    version: 1 as Version,
    lastEventId: uuidV5(namespace, "x"),
  };
  for (const each of streams) snapshots.offer(each, snapshot, 1);
  expect(streams.map((each) => snapshots.latest(each) !== undefined)).toEqual([false, true, true]);
});

/** The version, and the names of what is kept under it. When one of these fails, raise the version as well. */
const keptShape = <State>(codec: SnapshotCodec<State>, state: State): string =>
  [codec.version, ...Object.keys(codec.toJson(state) as object).toSorted()].join(" ");

test("a study's snapshot is of the shape that its version stands for", () => {
  const state = studyDecider.evolve(studyDecider.initial, sampleEvents.StudyObjectsReceived, 1 as Version);
  expect(keptShape(studySnapshot, state)).toBe(
    "1 known objects objectsVersion replicas revision status study studyInstanceUid",
  );
});

test("a session's snapshot is of the shape that its version stands for", () => {
  const state = sessionDecider.evolve(sessionDecider.initial, sampleEvents.SessionOpened, 1 as Version);
  expect(keptShape(sessionSnapshot, state)).toBe(
    "1 annotations application epoch host owner session standby status study view",
  );
});
