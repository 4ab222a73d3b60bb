/** What must hold after every run, whatever the fault. */
import { everyAcceptedObjectIsKept } from "./accepted-objects.ts";
import { nothingAcknowledgedIsLost, nothingIsTwice } from "./acknowledged-events.ts";
import { noStaleCompletion } from "./fencing.ts";
import { oneObjectPerUid } from "./one-object-per-uid.ts";
import { everyJobEndsOnce } from "./one-ending.ts";
import { thePacsHoldsEachResultOnce } from "./pacs-holds.ts";
import { replayGivesTheSame } from "./replay.ts";
import type { Invariant, RunEvidence } from "./run-evidence.ts";

const invariants = {
  "acknowledged-lost": nothingAcknowledgedIsLost,
  "acknowledged-twice": nothingIsTwice,
  "accepted-objects": everyAcceptedObjectIsKept,
  "one-ending": everyJobEndsOnce,
  "stale-completion": noStaleCompletion,
  "pacs-holds": thePacsHoldsEachResultOnce,
  "one-object-per-uid": oneObjectPerUid,
  replay: replayGivesTheSame,
} as const satisfies Record<string, Invariant>;

/** `own`: what the fault itself promises, such as that a poison job is given up. */
export type Violation = { readonly invariant: keyof typeof invariants | "own"; readonly sentence: string };

export function violationsOf(evidence: RunEvidence): Violation[] {
  return Object.entries(invariants).flatMap(([invariant, check]) =>
    check(evidence).map((sentence) => ({ invariant: invariant as Violation["invariant"], sentence })),
  );
}
