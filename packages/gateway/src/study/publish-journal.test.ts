import { systemClock } from "@releve/domain/clock";
import { digestOf, studyIdOf, type SiteId } from "@releve/domain/ids";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events";
import { LedgerFault } from "@releve/ledger/faults";
import { load } from "@releve/ledger/fold";
import { memoryLog } from "@releve/ledger/memory-log";
import { studyStream } from "@releve/ledger/streams";
import type { JournalEntry, JournalRecord, Sequence } from "@releve/store/journal-entry";
import { expect, test } from "vitest";
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
  return { read: async () => sequence, write: async (next: Sequence) => void (sequence = next) };
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
