import { systemClock } from "@releve/domain/clock";
import { digestOf, studyIdOf, type SiteId } from "@releve/domain/ids";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { LedgerFault } from "@releve/ledger/faults";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { studyStream } from "@releve/ledger/streams";
import type { JournalEntry, JournalRecord, Sequence } from "@releve/store/journal-entry";
import { StoreFault } from "@releve/store/faults";
import { expect, test, vi } from "vitest";
import { publishJournal, type PublishDeps } from "./publish-journal.ts";

const study = studyIdOf("1.2.3");

const stored = (number: number, bytes = `object ${number}`): JournalEntry => ({
  kind: "stored",
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.1",
  sopInstanceUid: `1.2.3.1.${number}`,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  digest: digestOf(bytes),
  bytes: 100,
  dataSetDigest: digestOf(bytes),
  attributesDigest: digestOf(bytes),
  atMs: 0,
  door: "dimse",
});

const journalOf = (entries: readonly JournalEntry[]) => ({
  subscribe: (after = 0 as Sequence) => ({
    stop: () => {},
    async *[Symbol.asyncIterator](): AsyncGenerator<JournalRecord> {
      for (const [index, entry] of entries.entries()) {
        if (index + 1 > after) yield { sequence: (index + 1) as Sequence, entry };
      }
    },
  }),
});

function checkpointAt(start: number | undefined) {
  let sequence = start as Sequence | undefined;
  return { read: async () => sequence, write: async (_: number, next: Sequence) => void (sequence = next) };
}

function depsOf(
  entries: readonly JournalEntry[],
  log: EventLog,
  more: Partial<PublishDeps> = {},
): PublishDeps {
  return {
    journal: journalOf(entries),
    checkpoint: checkpointAt(undefined),
    log,
    clock: systemClock,
    site: "site-a" as SiteId,
    compare: async () => "same",
    onFault: () => {},
    ...more,
  };
}

async function stateOf(log: EventLog) {
  const { state } = await load(log, studyStream(study), studyDecider);
  if (state.status === "none") throw new Error("the study is not there");
  return state;
}

const never = new AbortController().signal;

test("every accepted object is told once, also when the checkpoint lags after a crash", async () => {
  const log = memoryLog();
  const entries = [stored(1), stored(2), stored(3)];
  await publishJournal(depsOf(entries, log), never);
  await publishJournal(depsOf(entries, log, { checkpoint: checkpointAt(1) }), never);
  expect((await stateOf(log)).objects.size).toBe(3);
  expect(await log.read(studyStream(study))).toHaveLength(1);
});

test("an object that cannot be compared while its other site is away holds up no other, and is told when it is back", async () => {
  const log = memoryLog();
  await publishJournal(depsOf([stored(1, "from site b")], log, { site: "site-b" as SiteId }), never);
  const checkpoint = checkpointAt(undefined);
  const gate = Promise.withResolvers<void>();
  let away = true;
  const compare = async () => {
    if (away) throw new StoreFault("SITE_UNREACHABLE", "site b is away");
    return "revision" as const;
  };
  const live = {
    subscribe: () => ({
      stop: () => gate.resolve(),
      async *[Symbol.asyncIterator](): AsyncGenerator<JournalRecord> {
        yield { sequence: 1 as Sequence, entry: stored(1, "from site a") };
        yield { sequence: 2 as Sequence, entry: stored(2) };
        await gate.promise;
      },
    }),
  };
  const clock = {
    ...systemClock,
    wait: (ms: number, signal?: AbortSignal) => systemClock.wait(ms / 500, signal),
  };
  const stopping = new AbortController();
  const done = publishJournal(
    { ...depsOf([], log, { compare, checkpoint, clock }), journal: live },
    stopping.signal,
  );
  await vi.waitUntil(async () => (await stateOf(log)).objects.size === 2, { timeout: 15_000 });
  expect(await checkpoint.read()).toBeUndefined();
  away = false;
  await vi.waitUntil(async () => (await checkpoint.read()) === 2, { timeout: 15_000 });
  expect((await stateOf(log)).objects.get("1.2.3.1.1")!.digest).toBe(digestOf("from site a"));
  stopping.abort();
  await done;
});

test("under a new epoch of the ledger all is told again", async () => {
  const restored = { ...memoryLog(), epoch: 2 };
  const told: (readonly [number, number])[] = [];
  const checkpoint = {
    read: async (epoch: number) => (epoch === 1 ? (2 as Sequence) : undefined),
    write: async (epoch: number, sequence: Sequence) => void told.push([epoch, sequence]),
  };
  await publishJournal(depsOf([stored(1), stored(2)], restored, { checkpoint }), never);
  expect((await stateOf(restored)).objects.size).toBe(2);
  expect(told).toEqual([[2, 2]]);
});

test("a ledger that is down keeps nothing from being told once it is back", async () => {
  const log = memoryLog();
  const faults: string[] = [];
  let down = 2;
  const flaky: EventLog = {
    ...log,
    append: async (...call) => {
      if (down-- > 0) throw new LedgerFault("LEDGER_UNREACHABLE", "down");
      return log.append(...call);
    },
  };
  const clock = { ...systemClock, wait: () => systemClock.wait(1) };
  await publishJournal(
    depsOf([stored(1)], flaky, { clock, onFault: (fault) => faults.push(fault.code) }),
    never,
  );
  expect(faults).toEqual(["LEDGER_UNREACHABLE", "LEDGER_UNREACHABLE"]);
  expect((await stateOf(log)).objects.size).toBe(1);
});

test.each([
  ["same", 1, 0],
  ["revision", 1, 0],
  ["other-pixels", 1, 1],
] as const)(
  "an object that another site recorded with other bytes: %s",
  async (how, objects, quarantined) => {
    const log = memoryLog();
    await publishJournal(depsOf([stored(1, "from site b")], log, { site: "site-b" as SiteId }), never);
    const compare = async (): Promise<typeof how> => how;
    await publishJournal(depsOf([stored(1, "from site a"), stored(2)], log, { compare }), never);
    const state = await stateOf(log);
    expect(state.objects.size).toBe(objects + 1);
    const current = state.objects.get("1.2.3.1.1") as StoredObject;
    expect(current.digest).toBe(digestOf(how === "revision" ? "from site a" : "from site b"));
    const commits = await log.read(studyStream(study));
    const types = commits.flatMap((commit) => commit.events.map(({ event }) => event.type));
    expect(types.filter((type) => type === "StudyObjectQuarantined")).toHaveLength(quarantined);
  },
);
