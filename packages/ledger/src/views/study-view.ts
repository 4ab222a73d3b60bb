/** A study as a list shows it, from its stream's events. No patient data: the ledger has none. */
import type { EventEnvelope } from "../envelope.ts";
import type { RuleDecision, SettledSeries, StudyEvent } from "../events.ts";

export type StudyView = {
  readonly study: string;
  readonly studyInstanceUid: string;
  readonly status: "receiving" | "settled" | "ruled";
  readonly site: string;
  readonly openedAtMs: number;
  readonly lastReceivedAtMs: number;
  readonly objectCount: number;
  /** Objects that came again with other attributes: each is one more to keep. */
  readonly revisedCount: number;
  readonly quarantinedCount: number;
  /** How many of its objects each further site holds, by that site's own word. */
  readonly replicas: Readonly<Record<string, number>>;
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
    return { ...before, status: "receiving", lastReceivedAtMs: atMs, objectCount };
  }
  if (!view) return undefined;
  switch (event.type) {
    case "StudyObjectRevised":
      return { ...view, status: "receiving", lastReceivedAtMs: atMs, revisedCount: view.revisedCount + 1 };
    case "StudyObjectQuarantined":
      return { ...view, quarantinedCount: view.quarantinedCount + 1 };
    case "StudySettled":
      return { ...view, status: "settled", revision: event.revision, series: event.series, decisions: [] };
    case "StudyRuled":
      return { ...view, status: "ruled", decisions: event.decisions };
    case "StudyReopened":
      return { ...view, status: "receiving" };
    case "StudyObjectsReplicated":
      return { ...view, replicas: withCopies(view.replicas, event) };
  }
}

const withCopies = (
  replicas: StudyView["replicas"],
  { site, digests }: Extract<StudyEvent, { type: "StudyObjectsReplicated" }>,
): StudyView["replicas"] => ({ ...replicas, [site]: (replicas[site] ?? 0) + digests.length });

/** How many of the study's objects the best further site still lacks; 0: a second site holds it all. */
export function missingCopies({ objectCount, revisedCount, quarantinedCount, replicas }: StudyView): number {
  const most = Math.max(0, ...Object.values(replicas));
  return Math.max(0, objectCount + revisedCount + quarantinedCount - most);
}

const empty = {
  lastReceivedAtMs: 0,
  objectCount: 0,
  revisedCount: 0,
  quarantinedCount: 0,
  replicas: {},
  revision: 0,
  series: [],
  decisions: [],
} as const;
