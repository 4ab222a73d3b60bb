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
  readonly quarantinedCount: number;
  /** Copies at further sites, each object counted once a site. */
  readonly replicatedCount: number;
  readonly revision: number;
  readonly series: readonly SettledSeries[];
  /** What each application said of each volume of this revision. */
  readonly decisions: readonly RuleDecision[];
};

/** @param events of one study stream, oldest first. */
export function studyView(events: readonly EventEnvelope[]): StudyView | undefined {
  let view: StudyView | undefined;
  for (const { event, context } of events) view = next(view, event as StudyEvent, context);
  return view;
}

function next(
  view: StudyView | undefined,
  event: StudyEvent,
  { atMs, site }: { readonly atMs: number; readonly site: string },
): StudyView | undefined {
  if (event.type === "StudyObjectsReceived") {
    const { study, studyInstanceUid, objects } = event;
    const before = view ?? { ...empty, study, studyInstanceUid, site, openedAtMs: atMs };
    const objectCount = before.objectCount + objects.length;
    return { ...before, status: "receiving", lastReceivedAtMs: atMs, objectCount };
  }
  if (!view) return undefined;
  switch (event.type) {
    case "StudyObjectRevised":
      return { ...view, status: "receiving", lastReceivedAtMs: atMs };
    case "StudyObjectQuarantined":
      return { ...view, quarantinedCount: view.quarantinedCount + 1 };
    case "StudySettled":
      return { ...view, status: "settled", revision: event.revision, series: event.series, decisions: [] };
    case "StudyRuled":
      return { ...view, status: "ruled", decisions: event.decisions };
    case "StudyReopened":
      return { ...view, status: "receiving" };
    case "StudyObjectsReplicated":
      return { ...view, replicatedCount: view.replicatedCount + event.digests.length };
  }
}

const empty = {
  lastReceivedAtMs: 0,
  objectCount: 0,
  quarantinedCount: 0,
  replicatedCount: 0,
  revision: 0,
  series: [],
  decisions: [],
} as const;
