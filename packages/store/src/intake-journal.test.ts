import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "@releve/domain/ids";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openIntakeJournal, type IntakeJournal } from "./intake-journal.ts";
import type { JournalEntry, JournalRecord, Sequence } from "./journal-entry.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const entry = (name: string): JournalEntry => ({
  kind: "stored",
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  sopInstanceUid: name,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  digest: digestOf(name),
  bytes: 7,
  dataSetDigest: digestOf(name),
  attributesDigest: digestOf(name),
  atMs: 1,
  door: "stow",
});

async function names(journal: IntakeJournal, from?: Sequence): Promise<string[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.readFrom(from)) records.push(record);
  return records.map((record) => record.entry.sopInstanceUid);
}

const segmentFiles = () => readdirSync(dir).filter((name) => name.endsWith(".journal"));

test("what was appended is read back in order, also after reopening", async () => {
  const journal = await openIntakeJournal({ dir });
  await journal.append(entry("a"));
  const { sequence } = await journal.append(entry("b"));
  await journal.append(entry("c"));
  await journal.close();
  const again = await openIntakeJournal({ dir });
  expect(await names(again)).toEqual(["a", "b", "c"]);
  expect(await names(again, sequence)).toEqual(["b", "c"]);
  expect(again.cut).toBeUndefined();
  expect(again.last()).toBe(3);
  await again.close();
});

test("many waiters share few syncs", async () => {
  let syncs = 0;
  const failpoint = (name: string) => {
    if (name === "entry-synced") syncs += 1;
  };
  const journal = await openIntakeJournal({ dir, failpoint });
  await Promise.all(Array.from({ length: 200 }, (_, index) => journal.append(entry(`${index}`))));
  expect(await names(journal)).toHaveLength(200);
  expect(syncs).toBeLessThanOrEqual(3);
  await journal.close();
});

test("segments are sealed by size and read as one journal", async () => {
  const journal = await openIntakeJournal({ dir, maxSegmentBytes: 1500 });
  const all = Array.from({ length: 12 }, (_, index) => `${index}`);
  for (const name of all) await journal.append(entry(name));
  expect(segmentFiles().length).toBeGreaterThan(2);
  expect(await names(journal)).toEqual(all);
  await journal.close();
  const again = await openIntakeJournal({ dir, maxSegmentBytes: 1500 });
  await again.append(entry("last"));
  expect(await names(again)).toEqual([...all, "last"]);
  expect(await names(again, 7 as Sequence)).toEqual([...all.slice(6), "last"]);
  await again.close();
});

test.each([1, 10, 16, 100])("a tail of %i torn bytes is cut, kept aside and reported", async (torn) => {
  const journal = await openIntakeJournal({ dir });
  await journal.append(entry("a"));
  await journal.append(entry("b"));
  await journal.close();
  const path = join(dir, segmentFiles()[0]!);
  const whole = readFileSync(path);
  appendFileSync(path, whole.subarray(0, torn));
  const again = await openIntakeJournal({ dir });
  expect(again.cut).toMatchObject({ offset: whole.length, bytes: torn });
  expect(readdirSync(dir).filter((name) => name.includes(".cut-"))).toHaveLength(1);
  await again.append(entry("c"));
  expect(await names(again)).toEqual(["a", "b", "c"]);
  await again.close();
});

test("a record with one flipped bit at the end is cut, not believed", async () => {
  const journal = await openIntakeJournal({ dir });
  await journal.append(entry("a"));
  await journal.append(entry("b"));
  await journal.close();
  const path = join(dir, segmentFiles()[0]!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(path, bytes);
  const again = await openIntakeJournal({ dir });
  expect(await names(again)).toEqual(["a"]);
  await again.close();
});

test("damage in a sealed segment is said when it is read, never skipped", async () => {
  const journal = await openIntakeJournal({ dir, maxSegmentBytes: 600 });
  for (const name of ["a", "b", "c", "d"]) await journal.append(entry(name));
  await journal.close();
  const path = join(dir, segmentFiles()[0]!);
  const bytes = readFileSync(path);
  bytes[40]! ^= 1;
  writeFileSync(path, bytes);
  const again = await openIntakeJournal({ dir });
  await expect(names(again)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  await again.close();
});

test("damage far from the end of the last segment is no torn tail: the opening refuses", async () => {
  const journal = await openIntakeJournal({ dir, maxSegmentBytes: 64 * 1024 * 1024 });
  const appends = Array.from({ length: 3000 }, (_, index) => journal.append(entry(`${index}`)));
  await Promise.all(appends);
  await journal.close();
  const path = join(dir, segmentFiles()[0]!);
  const bytes = readFileSync(path);
  expect(bytes.length).toBeGreaterThan(1024 * 1024 + 100);
  bytes[40]! ^= 1;
  writeFileSync(path, bytes);
  await expect(openIntakeJournal({ dir })).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
});

test("a second writer is refused until the first is gone", async () => {
  const journal = await openIntakeJournal({ dir });
  await expect(openIntakeJournal({ dir })).rejects.toMatchObject({ code: "STORE_LOCKED", retry: "later" });
  await journal.close();
  await (await openIntakeJournal({ dir })).close();
});

test("a subscriber gets old and live records without gap or repetition, across sealed segments", async () => {
  const journal = await openIntakeJournal({ dir, maxSegmentBytes: 1000 });
  const all = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const name of all.slice(0, 5)) await journal.append(entry(name));
  const subscription = journal.subscribe(2 as Sequence);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const record of subscription) {
      seen.push(record.entry.sopInstanceUid);
      if (seen.length === 18) subscription.stop();
    }
  })();
  for (const name of all.slice(5)) await journal.append(entry(name));
  await reading;
  expect(seen).toEqual(all.slice(2));
  await journal.close();
});

test("closing ends a subscriber that waits", async () => {
  const journal = await openIntakeJournal({ dir });
  const waiting = journal.subscribe()[Symbol.asyncIterator]().next();
  await journal.close();
  expect(await waiting).toEqual({ done: true, value: undefined });
});
