/**
 * No two byte-different objects under one SOP Instance UID: in what the ledger names (received objects that were not
 * quarantined or revised, effective results), in the copies of all sites, and in the PACS.
 */
import type { Commit } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { effectiveOutputs } from "./effective-outputs.ts";
import type { Invariant } from "./run-evidence.ts";

export const oneObjectPerUid: Invariant = ({ commits, stored, pacs }) => {
  const digests = new Map<string, Set<string>>();
  for (const { sopInstanceUid, digest } of namedObjects(commits))
    digests.set(sopInstanceUid, (digests.get(sopInstanceUid) ?? new Set()).add(digest));
  const different = [...digests.values()]
    .filter((found) => found.size > 1)
    .map((found) => `${[...found].join(" and ")} have one SOP Instance UID`);
  const damaged = [...stored].flatMap(([digest, copies]) =>
    copies
      .filter(({ bytes }) => bytes !== digest)
      .map(({ site }) => `the copy of ${digest} at ${site} has other bytes`),
  );
  const twice = [...Map.groupBy(pacs, ({ sopInstanceUid }) => sopInstanceUid).values()]
    .filter((held) => new Set(held.map(({ dataSet }) => dataSet)).size > 1)
    .map((held) => `the PACS holds ${held.length} different objects under one SOP Instance UID`);
  return [...different, ...damaged, ...twice];
};

function namedObjects(commits: readonly Commit[]): StoredObject[] {
  const events = commits.flatMap((commit) => commit.events.map(({ event }) => event));
  const received = events.flatMap((event) => (event.type === "StudyObjectsReceived" ? event.objects : []));
  return [...received, ...effectiveOutputs(commits).flatMap(({ outputs }) => outputs)];
}
