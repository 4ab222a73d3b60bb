import { digestOf, studyIdOf, type SiteId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { Version } from "../event-log.ts";
import type { StoredObject } from "../events/stored-object.ts";
import type { StudyEvent } from "../events/study.ts";
import {
  decideStudy,
  evolveStudy,
  objectsPerBatchMax,
  studyDecider,
  type StudyCommand,
  type StudyState,
} from "./study.ts";
import { checkTransitions, type TransitionTable } from "./transitions.fixture.ts";

const study = studyIdOf("1.2");
const object = (number: number, bytes = `object ${number}`): StoredObject => ({
  digest: digestOf(bytes),
  bytes: 1,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: `1.2.1.${number}`,
  seriesInstanceUid: "1.2.1",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
});
const receive = (...objects: StoredObject[]): StudyCommand => ({
  type: "receive",
  study,
  studyInstanceUid: "1.2",
  objects,
});

/** Runs commands as the command handler does; each commit has the next version. */
function run(...commands: readonly StudyCommand[]) {
  let state: StudyState = studyDecider.initial;
  let last: readonly StudyEvent[] | { readonly refused: string } = [];
  for (const [index, command] of commands.entries()) {
    const decided = decideStudy(command, state);
    last = decided;
    if (isRefusal(decided)) continue;
    state = decided.reduce<StudyState>(
      (now, event) => evolveStudy(now, event, (index + 1) as Version),
      state,
    );
  }
  return {
    state,
    last: isRefusal(last)
      ? `!${last.refused}`
      : (last as readonly StudyEvent[]).map(({ type }) => type).join(" "),
  };
}

const settle = (version: number): StudyCommand => ({
  type: "settle",
  objectsVersion: version as Version,
  series: [],
});
const rule = (revision: number): StudyCommand => ({ type: "rule", revision, decisions: [] });

const replicate = (...digests: readonly StoredObject[]): StudyCommand => ({
  type: "replicate",
  site: "site-b" as SiteId,
  digests: digests.map(({ digest }) => digest),
});

const unknown = "!STUDY_UNKNOWN";
const table: TransitionTable<StudyState, StudyCommand> = {
  none: {
    receive: "StudyObjectsReceived",
    revise: unknown,
    quarantine: unknown,
    replicate: unknown,
    settle: unknown,
    rule: unknown,
  },
  receiving: {
    receive: "StudyObjectsReceived",
    revise: "StudyObjectRevised",
    quarantine: "StudyObjectQuarantined",
    replicate: "StudyObjectsReplicated",
    settle: "StudySettled",
    rule: "!STUDY_CHANGED",
  },
  settled: {
    receive: "StudyReopened StudyObjectsReceived",
    revise: "StudyReopened StudyObjectRevised",
    quarantine: "StudyObjectQuarantined",
    replicate: "StudyObjectsReplicated",
    settle: "-",
    rule: "StudyRuled",
  },
};

checkTransitions(studyDecider, {
  states: {
    none: run().state,
    receiving: run(receive(object(1))).state,
    settled: run(receive(object(1)), settle(1)).state,
  },
  commands: {
    receive: receive(object(2)),
    revise: { type: "revise", object: object(1, "again"), replaces: object(1).digest },
    quarantine: { type: "quarantine", object: object(1, "other"), conflictsWith: object(1).digest },
    replicate: replicate(object(1)),
    settle: settle(1),
    rule: rule(1),
  },
  table,
});

test.each<[string, readonly StudyCommand[], string]>([
  [
    "a copy at another site is recorded",
    [receive(object(1)), replicate(object(1))],
    "StudyObjectsReplicated",
  ],
  ["a copy is recorded once", [receive(object(1)), replicate(object(1)), replicate(object(1))], ""],
  [
    "a copy of what was never received is refused",
    [receive(object(1)), replicate(object(2))],
    "!OBJECT_UNKNOWN",
  ],
  ["a copy does not re-open a study", [receive(object(1)), settle(1), replicate(object(1)), settle(1)], ""],
  ["new objects are received", [receive(object(1))], "StudyObjectsReceived"],
  ["the same message twice changes nothing", [receive(object(1)), receive(object(1))], ""],
  [
    "another object under a known UID is the intake's to judge",
    [receive(object(1)), receive(object(1, "other"))],
    "!OBJECT_CONFLICT",
  ],
  ["a study settles for the objects that were looked at", [receive(object(1)), settle(1)], "StudySettled"],
  [
    "a settle that did not see the latest object is refused",
    [receive(object(1)), receive(object(2)), settle(1)],
    "!STUDY_CHANGED",
  ],
  [
    "a late object re-opens a settled study",
    [receive(object(1)), settle(1), receive(object(2))],
    "StudyReopened StudyObjectsReceived",
  ],
  ["a rule speaks of its revision", [receive(object(1)), settle(1), rule(1)], "StudyRuled"],
  ["a rule is written once", [receive(object(1)), settle(1), rule(1), rule(1)], ""],
  [
    "a rule for an older revision is refused",
    [receive(object(1)), settle(1), receive(object(2)), settle(3), rule(1)],
    "!STUDY_CHANGED",
  ],
  [
    "a revision re-opens",
    [
      receive(object(1)),
      settle(1),
      { type: "revise", object: object(1, "again"), replaces: object(1).digest },
    ],
    "StudyReopened StudyObjectRevised",
  ],
  [
    "a revision of nothing is refused",
    [receive(object(1)), { type: "revise", object: object(2), replaces: object(3).digest }],
    "!OBJECT_UNKNOWN",
  ],
  [
    "quarantine leaves a settled study settled",
    [
      receive(object(1)),
      settle(1),
      { type: "quarantine", object: object(1, "other"), conflictsWith: object(1).digest },
    ],
    "StudyObjectQuarantined",
  ],
  [
    "of what was derived from the study a copy is recorded once a site",
    [
      receive(object(1)),
      { type: "replicate", site: "site-b" as SiteId, digests: [], derived: [digestOf("result")] },
      { type: "replicate", site: "site-b" as SiteId, digests: [], derived: [digestOf("result")] },
    ],
    "",
  ],
  ["nothing can be said of an unknown study", [settle(1)], "!STUDY_UNKNOWN"],
  [
    "a batch has a limit",
    [receive(...Array.from({ length: objectsPerBatchMax + 1 }, (_, index) => object(index)))],
    "!BATCH_TOO_LARGE",
  ],
])("%s", (_, commands, expected) => {
  expect(run(...commands).last).toBe(expected);
});

test("a revised object counts once, with its new bytes", () => {
  const { state } = run(receive(object(1)), {
    type: "revise",
    object: object(1, "again"),
    replaces: object(1).digest,
  });
  expect(state.status === "none" ? [] : [...state.objects.values()].map(({ digest }) => digest)).toEqual([
    digestOf("again"),
  ]);
});
