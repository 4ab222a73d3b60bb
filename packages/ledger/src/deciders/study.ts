/**
 * A study's life:
 *
 *   none --receive--> receiving --settle--> settled --rule--> settled, with decisions
 *                        ^                    |
 *                        +-receive or revise--+  (a late object re-opens it)
 *
 * What is the same object, a revision or a conflict was decided by the intake, which has the pixels; here it becomes fact.
 * Quarantine changes nothing that can be computed on, so it does not re-open the study.
 */
import type { Digest, SiteId, StudyId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { Version } from "../event-log.ts";
import type { StoredObject } from "../events/stored-object.ts";
import type { RuleDecision, SettledSeries, StudyEvent } from "../events/study.ts";

// ---- State

export type StudyFacts = {
  readonly study: StudyId;
  readonly studyInstanceUid: string;
  /** How often the study has settled. */
  readonly revision: number;
  /** The objects that count, by SOP Instance UID. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Every digest ever recorded, revised and quarantined ones too: the same message twice changes nothing. */
  readonly known: ReadonlySet<Digest>;
  /** The commit that last changed `objects`: a settle names it, so that it never speaks for an object it has not seen. */
  readonly objectsVersion: Version;
  /** Digests that each further site holds, by its own word: objects, and what was derived from them. */
  readonly replicas: ReadonlyMap<SiteId, ReadonlySet<Digest>>;
};
export type StudyState =
  | { readonly status: "none" }
  | ({ readonly status: "receiving" } & StudyFacts)
  | ({
      readonly status: "settled";
      readonly series: readonly SettledSeries[];
      /** What the rule said of this revision; absent until it has gone through it. */
      readonly decisions?: readonly RuleDecision[];
    } & StudyFacts);

/** So many objects at about 400 bytes stay far below what one message holds. */
export const objectsPerBatchMax = 500;

// ---- Commands

export type StudyCommand =
  | {
      readonly type: "receive";
      readonly study: StudyId;
      readonly studyInstanceUid: string;
      readonly objects: readonly StoredObject[];
    }
  | {
      readonly type: "replicate";
      readonly site: SiteId;
      readonly digests: readonly Digest[];
      readonly derived?: readonly Digest[];
    }
  | { readonly type: "revise"; readonly object: StoredObject; readonly replaces: Digest }
  | { readonly type: "quarantine"; readonly object: StoredObject; readonly conflictsWith: Digest }
  | {
      readonly type: "settle";
      readonly objectsVersion: Version;
      readonly series: readonly SettledSeries[];
    }
  | {
      readonly type: "rule";
      /** The revision that the decisions speak of. */
      readonly revision: number;
      readonly decisions: readonly RuleDecision[];
    };

// ---- Decide

export function decideStudy(command: StudyCommand, state: StudyState): readonly StudyEvent[] | Refusal {
  if (command.type === "receive") return receive(command, state);
  if (state.status === "none") return refusal("STUDY_UNKNOWN", "No object of this study was received.");
  switch (command.type) {
    case "revise":
      return revise(command, state);
    case "quarantine":
      if (state.known.has(command.object.digest)) return [];
      return [
        {
          type: "StudyObjectQuarantined",
          study: state.study,
          object: command.object,
          conflictsWith: command.conflictsWith,
        },
      ];
    case "replicate":
      return replicate(command, state);
    case "settle":
      return settle(command, state);
    case "rule":
      return rule(command, state);
  }
}

type Known = Exclude<StudyState, { status: "none" }>;
type Of<Type extends StudyCommand["type"]> = Extract<StudyCommand, { type: Type }>;

function receive(command: Of<"receive">, state: StudyState): readonly StudyEvent[] | Refusal {
  const { study, studyInstanceUid } = command;
  if (command.objects.length > objectsPerBatchMax)
    return refusal("BATCH_TOO_LARGE", `A batch holds at most ${objectsPerBatchMax} objects.`);
  const objects = newObjects(command.objects, state);
  if (objects.length === 0) return [];
  if (objects.some((object) => isOtherObject(object, state)))
    return refusal("OBJECT_CONFLICT", "Another object with this SOP Instance UID was received before.");
  return [...reopened(state), { type: "StudyObjectsReceived", study, studyInstanceUid, objects }];
}

/** Those not recorded yet, each digest once. */
function newObjects(objects: readonly StoredObject[], state: StudyState): readonly StoredObject[] {
  const seen = new Set<Digest>(state.status === "none" ? [] : state.known);
  return objects.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
}

const isOtherObject = (object: StoredObject, state: StudyState): boolean =>
  state.status !== "none" && state.objects.has(object.sopInstanceUid);

function revise(command: Of<"revise">, state: Known): readonly StudyEvent[] | Refusal {
  if (state.known.has(command.object.digest)) return [];
  if (!state.known.has(command.replaces))
    return refusal("OBJECT_UNKNOWN", "The revised object was never received.");
  const { object, replaces } = command;
  return [...reopened(state), { type: "StudyObjectRevised", study: state.study, object, replaces }];
}

const reopened = (state: StudyState): readonly StudyEvent[] =>
  state.status === "settled" ? [{ type: "StudyReopened", study: state.study, revision: state.revision }] : [];

function settle(command: Of<"settle">, state: Known): readonly StudyEvent[] | Refusal {
  if (command.objectsVersion !== state.objectsVersion)
    return refusal("STUDY_CHANGED", "Objects came in after the study was looked at.");
  if (state.status === "settled") return [];
  const { study, revision } = state;
  return [{ type: "StudySettled", study, revision: revision + 1, series: command.series }];
}

/** Of objects only what this study received counts; a copy changes nothing that can be computed on. */
function replicate(
  { site, digests, derived = [] }: Of<"replicate">,
  state: Known,
): readonly StudyEvent[] | Refusal {
  if (digests.length + derived.length > objectsPerBatchMax)
    return refusal("BATCH_TOO_LARGE", `A batch holds at most ${objectsPerBatchMax} objects.`);
  if (digests.some((digest) => !state.known.has(digest)))
    return refusal("OBJECT_UNKNOWN", "A replicated object was never received.");
  const held = state.replicas.get(site) ?? new Set<Digest>();
  const added = [...new Set(digests)].filter((digest) => !held.has(digest));
  const addedDerived = [...new Set(derived)].filter((digest) => !held.has(digest));
  if (added.length + addedDerived.length === 0) return [];
  const more = addedDerived.length > 0 ? { derived: addedDerived } : {};
  return [{ type: "StudyObjectsReplicated", study: state.study, site, digests: added, ...more }];
}

function rule(command: Of<"rule">, state: Known): readonly StudyEvent[] | Refusal {
  if (state.status !== "settled" || state.revision !== command.revision)
    return refusal("STUDY_CHANGED", "The study was re-opened after the rule looked at it.");
  if (state.decisions) return [];
  const { study, revision } = state;
  return [{ type: "StudyRuled", study, revision, decisions: command.decisions }];
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveStudy(state: StudyState, event: StudyEvent, version: Version): StudyState {
  if (event.type === "StudyObjectsReceived")
    return withObjects(state.status === "none" ? emptyStudy(event) : factsOf(state), event.objects, version);
  if (state.status === "none") throw new Error(`${event.type} before StudyObjectsReceived`);
  const facts = factsOf(state);
  switch (event.type) {
    case "StudyObjectRevised":
      return withObjects(facts, [event.object], version);
    case "StudyObjectQuarantined":
      return { ...state, known: new Set([...state.known, event.object.digest]) };
    case "StudySettled":
      return { status: "settled", ...facts, revision: event.revision, series: event.series };
    case "StudyRuled":
      if (state.status !== "settled") throw new Error("StudyRuled before StudySettled");
      return { ...state, decisions: event.decisions };
    case "StudyReopened":
      return { status: "receiving", ...facts };
    case "StudyObjectsReplicated":
      return { ...state, replicas: withReplicas(facts.replicas, event) };
  }
}

const emptyStudy = ({
  study,
  studyInstanceUid,
}: {
  study: StudyId;
  studyInstanceUid: string;
}): StudyFacts => ({
  study,
  studyInstanceUid,
  revision: 0,
  objects: new Map(),
  known: new Set(),
  objectsVersion: 0 as Version,
  replicas: new Map(),
});

const factsOf = ({
  study,
  studyInstanceUid,
  revision,
  objects,
  known,
  objectsVersion,
  replicas,
}: Known): StudyFacts => ({
  study,
  studyInstanceUid,
  revision,
  objects,
  known,
  objectsVersion,
  replicas,
});

function withReplicas(
  replicas: StudyFacts["replicas"],
  { site, digests, derived = [] }: Extract<StudyEvent, { type: "StudyObjectsReplicated" }>,
): StudyFacts["replicas"] {
  return new Map(replicas).set(site, new Set([...(replicas.get(site) ?? []), ...digests, ...derived]));
}

function withObjects(facts: StudyFacts, added: readonly StoredObject[], objectsVersion: Version): StudyState {
  const objects = new Map(facts.objects);
  for (const object of added) objects.set(object.sopInstanceUid, object);
  const known = new Set([...facts.known, ...added.map(({ digest }) => digest)]);
  return { status: "receiving", ...facts, objects, known, objectsVersion };
}

export const studyDecider: Decider<StudyState, StudyCommand, StudyEvent> = {
  kind: "study",
  initial: { status: "none" },
  decide: decideStudy,
  evolve: evolveStudy,
};
