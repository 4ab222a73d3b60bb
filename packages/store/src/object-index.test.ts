import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { followJournal } from "./index-follower.ts";
import { openIntakeJournal } from "./intake-journal.ts";
import type { JournalEntry, Sequence } from "./journal-entry.ts";
import { openObjectIndex } from "./object-index.ts";

function entry(sop: string, version: string, more: { series?: string; kind?: JournalEntry["kind"] } = {}) {
  const common = {
    studyInstanceUid: "1.2",
    seriesInstanceUid: more.series ?? "1.2.1",
    sopInstanceUid: sop,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    digest: digestOf(`${sop} ${version}`),
    bytes: 1,
    dataSetDigest: digestOf(version),
    attributesDigest: digestOf(version),
    atMs: 0,
    door: "dimse" as const,
  };
  if (more.kind === "revision") return { kind: "revision" as const, replaces: digestOf("x"), ...common };
  if (more.kind === "quarantined")
    return { kind: "quarantined" as const, conflictsWith: digestOf("x"), ...common };
  return { kind: "stored" as const, ...common };
}

const modality = (name: string) => ({ "00080060": { vr: "CS", Value: [name] } });
const at = (sequence: number) => sequence as Sequence;

test("a revision becomes current, a quarantined object never does", () => {
  const index = openObjectIndex(":memory:");
  index.apply({ sequence: at(1), entry: entry("5", "first") }, modality("CT"));
  index.apply({ sequence: at(2), entry: entry("5", "revised", { kind: "revision" }) }, modality("CT"));
  index.apply({ sequence: at(3), entry: entry("5", "other", { kind: "quarantined" }) }, modality("CT"));
  const known = index.find("5");
  expect(known.current?.digest).toBe(digestOf("5 revised"));
  expect(known.all.map((one) => one.kind)).toEqual(["stored", "revision", "quarantined"]);
  expect([...index.instances()].map((one) => one.entry.digest)).toEqual([digestOf("5 revised")]);
  expect(index.quarantined().map((one) => one.digest)).toEqual([digestOf("5 other")]);
  index.close();
});

test("studies and series are counted over their current instances", () => {
  const index = openObjectIndex(":memory:");
  index.apply({ sequence: at(1), entry: entry("1", "a") }, modality("CT"));
  index.apply({ sequence: at(2), entry: entry("2", "b") }, modality("CT"));
  index.apply({ sequence: at(3), entry: entry("3", "c", { series: "1.2.2" }) }, modality("PT"));
  expect([...index.studies()]).toMatchObject([
    { studyInstanceUid: "1.2", series: 2, instances: 3, modalities: ["CT", "PT"] },
  ]);
  expect([...index.series({ studyInstanceUid: "1.2" })].map((one) => one.instances)).toEqual([2, 1]);
  expect([...index.instances({ seriesInstanceUid: "1.2.2" })]).toHaveLength(1);
  expect([...index.studies({ studyInstanceUid: "9" })]).toEqual([]);
  index.close();
});

test("a record applied twice changes nothing", () => {
  const index = openObjectIndex(":memory:");
  const record = { sequence: at(4), entry: entry("1", "a") };
  index.apply(record, modality("CT"));
  index.apply(record, modality("MR"));
  expect(index.checkpoint()).toBe(4);
  expect([...index.studies()][0]?.modalities).toEqual(["CT"]);
  index.close();
});

test("a deleted index is rebuilt from the journal, an old one goes on from its checkpoint", async () => {
  const dir = mkdtempSync(join(tmpdir(), "index-"));
  const journal = await openIntakeJournal({ dir: join(dir, "journal") });
  const path = join(dir, "index.sqlite");
  const described: string[] = [];
  const follow = async (upTo: Sequence) => {
    const index = openObjectIndex(path);
    const follower = followJournal(journal, index, async (one) => {
      described.push(one.sopInstanceUid);
      return modality("CT");
    });
    await follower.reached(upTo);
    await follower.stop();
    const found = [...index.instances()].map((one) => one.entry.sopInstanceUid);
    index.close();
    return found;
  };
  await journal.append(entry("1", "a"));
  expect(await follow((await journal.append(entry("2", "b"))).sequence)).toEqual(["1", "2"]);
  expect(await follow((await journal.append(entry("3", "c"))).sequence)).toEqual(["1", "2", "3"]);
  expect(described).toEqual(["1", "2", "3"]);
  rmSync(path);
  expect(await follow(at(3))).toEqual(["1", "2", "3"]);
  expect(described).toEqual(["1", "2", "3", "1", "2", "3"]);
  await journal.close();
  rmSync(dir, { recursive: true });
});

test("a follower that fails says so to those who wait", async () => {
  const dir = mkdtempSync(join(tmpdir(), "index-"));
  const journal = await openIntakeJournal({ dir });
  const index = openObjectIndex(":memory:");
  const follower = followJournal(journal, index, async () => {
    throw new Error("no attributes");
  });
  const { sequence } = await journal.append(entry("1", "a"));
  await expect(follower.reached(sequence)).rejects.toThrow("no attributes");
  await follower.stop();
  await journal.close();
  rmSync(dir, { recursive: true });
});
