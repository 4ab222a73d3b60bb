import { digestOf, studyIdOf, type Digest } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { studyDecider } from "@releve/ledger/deciders/study";
import { memoryLog } from "@releve/ledger/memory-log";
import { studyStream } from "@releve/ledger/streams";
import type { ListedObject } from "@releve/store/object-store";
import { expect, test } from "vitest";
import type { JournalEntry } from "@releve/store/journal-entry";
import { findOrphans } from "./find-orphans.ts";

const dayMs = 24 * 3_600_000;
const study = studyIdOf("1.2.3");

/** A store of objects by name, all two days old but the young ones. */
function storeOf(names: readonly string[], young: readonly string[] = []) {
  const objects: ListedObject[] = [...names, ...young].map((name) => ({
    digest: digestOf(name),
    bytes: 10,
    atMs: young.includes(name) ? 2.5 * dayMs : dayMs,
  }));
  return { list: async (prefix: string) => objects.filter(({ digest }) => digest.startsWith(prefix)) };
}

async function ledgerThatNames(object: string, derived: string) {
  const log = memoryLog();
  const context = { atMs: 0, site: "a", actor: "test" };
  const uids = { sopClassUid: "1", sopInstanceUid: "1", seriesInstanceUid: "1", transferSyntaxUid: "1" };
  const objects = [{ digest: digestOf(object), bytes: 10, ...uids }];
  const receive = { type: "receive", study, studyInstanceUid: "1.2.3", objects } as const;
  const replicate = {
    type: "replicate",
    site: "b" as never,
    digests: [],
    derived: [digestOf(derived)],
  } as const;
  for (const command of [receive, replicate])
    await execute(log, studyStream(study), studyDecider, command, context);
  return log;
}

const inJournal = (name: string) => ({
  withDigest: (digest: Digest) => (digest === digestOf(name) ? [{} as JournalEntry] : []),
});

test("an orphan is what neither journal nor ledger names, and is older than a day", async () => {
  const store = storeOf(["accepted", "received", "result", "left behind"], ["just written"]);
  const log = await ledgerThatNames("received", "result");
  const deps = { store, index: inJournal("accepted"), log, nowMs: () => 3 * dayMs };
  const { objects, nextPrefix } = await findOrphans(deps, 7);
  expect(objects.map(({ digest }) => digest)).toEqual([digestOf("left behind")]);
  expect(nextPrefix).toBe(7);
});

test("a look is bounded, and the next one goes on behind it", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `orphan ${index}`);
  const deps = { store: storeOf(names), index: inJournal("none"), log: memoryLog(), nowMs: () => 3 * dayMs };
  const found = new Set<string>();
  let from = 0;
  for (let looks = 0; looks < 20 && found.size < 100; looks++) {
    const { objects, nextPrefix } = await findOrphans(deps, from, 10);
    expect(objects.length).toBeLessThan(20);
    for (const { digest } of objects) found.add(digest);
    from = nextPrefix;
  }
  expect(found.size).toBe(100);
});
