/** An object that a gateway answered with Success is in the ledger once, and a store holds the bytes that were sent. */
import type { Commit } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { StudyEvent } from "@releve/ledger/events/study";
import type { AcceptedObject, Invariant, RunEvidence } from "./run-evidence.ts";

export const everyAcceptedObjectIsKept: Invariant = (evidence) => {
  const received = receivedObjects(evidence.commits);
  return evidence.accepted.flatMap((object) => problemOf(evidence, received, object));
};

function problemOf(
  { stored, studies }: RunEvidence,
  received: ReadonlyMap<string, readonly StoredObject[]>,
  { study, sopInstanceUid, dataSet }: AcceptedObject,
): string[] {
  const entries = received.get(`${study} ${sopInstanceUid}`) ?? [];
  const [entry] = entries;
  if (!entry) return [`an accepted object of study ${study} is not in the ledger`];
  if (entries.length > 1)
    return [`an accepted object of study ${study} is ${entries.length} times in the ledger`];
  if (!studies.has(study)) return []; // of an earlier run: its bytes were looked at then
  const copies = stored.get(entry.digest) ?? [];
  return copies.some((copy) => copy.bytes === entry.digest && copy.dataSet === dataSet)
    ? []
    : [`no store holds the accepted object ${entry.digest} as it was sent`];
}

/** By study and SOP Instance UID: each entry of StudyObjectsReceived. */
function receivedObjects(commits: readonly Commit[]): Map<string, StoredObject[]> {
  const received = new Map<string, StoredObject[]>();
  for (const { stream, events } of commits) {
    if (stream.kind !== "study") continue;
    for (const { event } of events) {
      const { type } = event as StudyEvent;
      if (type !== "StudyObjectsReceived") continue;
      const { study, objects } = event as Extract<StudyEvent, { type: "StudyObjectsReceived" }>;
      for (const object of objects) {
        const key = `${study} ${object.sopInstanceUid}`;
        received.set(key, [...(received.get(key) ?? []), object]);
      }
    }
  }
  return received;
}
