/** A study as a list shows it, from its stream's events. No patient data: the ledger has none. */
import type { EventEnvelope } from "../envelope.ts";
import type { StoredObject } from "../events/stored-object.ts";
import type { RuleDecision, SettledSeries, StudyEvent } from "../events/study.ts";

export type StudyView = {
  readonly study: string;
  readonly studyInstanceUid: string;
  readonly status: "receiving" | "settled" | "ruled";
  readonly site: string;
  readonly openedAtMs: number;
  readonly lastReceivedAtMs: number;
  readonly objectCount: number;
  readonly quarantinedCount: number;
  /** How many of its objects each further site holds, by that site's own word. */
  readonly replicas: Readonly<Record<string, number>>;
  /** The objects that no further site holds yet, revised and quarantined ones too: each by the beginning of its digest. */
  readonly sole: readonly string[];
  readonly revision: number;
  readonly series: readonly SettledSeries[];
  /** What each application said of each volume of this revision. */
  readonly decisions: readonly RuleDecision[];
};

/** @param events of one study stream, oldest first. */
export function studyView(events: readonly EventEnvelope[]): StudyView | undefined {
  let view: StudyView | undefined;
  for (const envelope of events) view = nextStudyView(view, envelope);
  return view;
}

/** One event further. */
export function nextStudyView(view: StudyView | undefined, envelope: EventEnvelope): StudyView | undefined {
  const event = envelope.event as StudyEvent;
  const { atMs, site } = envelope.context;
  if (event.type === "StudyObjectsReceived") {
    const { study, studyInstanceUid, objects } = event;
    const before = view ?? { ...empty, study, studyInstanceUid, site, openedAtMs: atMs };
    const objectCount = before.objectCount + objects.length;
    const sole = withSole(before, objects);
    return { ...before, status: "receiving", lastReceivedAtMs: atMs, objectCount, sole };
  }
  if (!view) return undefined;
  switch (event.type) {
    case "StudyObjectRevised":
      return { ...view, status: "receiving", lastReceivedAtMs: atMs, sole: withSole(view, [event.object]) };
    case "StudyObjectQuarantined":
      return {
        ...view,
        quarantinedCount: view.quarantinedCount + 1,
        sole: withSole(view, [event.object]),
      };
    case "StudySettled":
      return { ...view, status: "settled", revision: event.revision, series: event.series, decisions: [] };
    case "StudyRuled":
      return { ...view, status: "ruled", decisions: event.decisions };
    case "StudyReopened":
      return { ...view, status: "receiving" };
    case "StudyObjectsReplicated":
      return { ...view, replicas: withCopies(view.replicas, event), sole: withoutCopied(view, event) };
  }
}

/** So many hexadecimal digits tell the objects of one study apart. */
const digits = 12;

const withSole = ({ sole }: Pick<StudyView, "sole">, objects: readonly StoredObject[]): StudyView["sole"] => [
  ...sole,
  ...objects.map(({ digest }) => digest.slice(0, digits)),
];

function withoutCopied(
  { sole }: StudyView,
  { digests }: Extract<StudyEvent, { type: "StudyObjectsReplicated" }>,
): StudyView["sole"] {
  const copied = new Set(digests.map((digest) => digest.slice(0, digits)));
  return sole.filter((digest) => !copied.has(digest));
}

const withCopies = (
  replicas: StudyView["replicas"],
  { site, digests }: Extract<StudyEvent, { type: "StudyObjectsReplicated" }>,
): StudyView["replicas"] => ({ ...replicas, [site]: (replicas[site] ?? 0) + digests.length });

const empty = {
  lastReceivedAtMs: 0,
  objectCount: 0,
  quarantinedCount: 0,
  replicas: {},
  sole: [],
  revision: 0,
  series: [],
  decisions: [],
} as const;
