/** What a run still waits for, from the ledger and from what senders were told. Pure. */
import type { EventIndex } from "@releve/ledger/views/event-index";
import { studiesOf } from "@releve/server/demo/summary";
import { unfinished } from "@releve/server/demo/unfinished";
import type { AcceptedObject } from "../invariants/run-evidence.ts";

/** Sentences; none when every accepted object is in a ruled study, every job has ended, and every result was delivered. */
export function stillOpen(
  index: EventIndex,
  accepted: readonly AcceptedObject[],
  destinations: number,
): string[] {
  const wanted = Map.groupBy(accepted, ({ study }) => study);
  const counts = new Map(studiesOf(index).map(({ study, objectCount }) => [study, objectCount]));
  const incomplete = [...wanted].filter(([study, objects]) => (counts.get(study) ?? 0) < objects.length);
  return [
    ...incomplete.map(
      ([study, { length }]) =>
        `the ledger knows ${counts.get(study) ?? 0} of ${length} accepted objects of study ${study}`,
    ),
    ...unfinished(index, { studies: new Set(wanted.keys()), destinations }),
  ];
}
