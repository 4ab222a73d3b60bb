/**
 * Which sites hold a study's objects, as fractions: from what was received and what was replicated. Counts only, because a
 * node must not keep the digests of every object that a hospital ever received.
 */
import type { SiteId, StudyId } from "@releve/domain/ids";
import type { Commit } from "../event-log.ts";
import type { StudyEvent } from "../events/study.ts";
import type { InputPlace } from "./placement.ts";

export type InputPlaces = {
  /** Takes a commit of any stream. */
  readonly apply: (commit: Commit) => void;
  /** Where a job's inputs lie: wholly at the site that its request names, in part where the study was replicated to. */
  readonly of: (study: StudyId, inputSite: SiteId) => readonly InputPlace[];
};

/** Studies remembered, the latest ones: jobs come soon after their study. An older one's replicas are not known here. */
const studiesMax = 20_000;

type Study = { objects: number; readonly replicas: Map<SiteId, number> };

export function newInputPlaces(): InputPlaces {
  const studies = new Map<StudyId, Study>();

  const study = (id: StudyId): Study => {
    const known = studies.get(id) ?? { objects: 0, replicas: new Map() };
    studies.delete(id); // the latest at the end
    studies.set(id, known);
    if (studies.size > studiesMax) studies.delete(studies.keys().next().value!);
    return known;
  };
  return {
    apply: ({ stream, events }) => {
      if (stream.kind !== "study") return;
      for (const { event } of events) take(study, event as StudyEvent);
    },
    of: (id, inputSite) => {
      const known = studies.get(id);
      const replicas = [...(known?.replicas ?? [])].filter(([site]) => site !== inputSite);
      const whole = { site: inputSite, fraction: 1 };
      return [
        whole,
        ...replicas.map(([site, count]) => ({
          site,
          fraction: Math.min(1, count / Math.max(1, known!.objects)),
        })),
      ];
    },
  };
}

function take(study: (id: StudyId) => Study, event: StudyEvent): void {
  if (event.type === "StudyObjectsReceived") study(event.study).objects += event.objects.length;
  if (event.type !== "StudyObjectsReplicated") return;
  const { replicas } = study(event.study);
  replicas.set(event.site, (replicas.get(event.site) ?? 0) + event.digests.length);
}
