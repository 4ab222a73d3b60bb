/** Asking for an application by hand: what there is to ask for, and the request itself, which the ledger keeps. */
import type { Application } from "@releve/apps/application";
import { askByHand, type Wish } from "@releve/apps/ask-by-hand";
import type { PlannedVolume, StudyInput } from "@releve/apps/request-job";
import type { Clock } from "@releve/domain/clock";
import type { Digest, JobId, SiteId, StudyId } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { decodeVolumePlan } from "@releve/domain/series-split";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider } from "@releve/ledger/deciders/job";
import { studyDecider } from "@releve/ledger/deciders/study";
import type { Admission } from "@releve/ledger/dispatch/admission";
import type { EventLog } from "@releve/ledger/event-log";
import type { JobRequest } from "@releve/ledger/events/job";
import { load } from "@releve/ledger/fold";
import { jobStream, studyStream } from "@releve/ledger/streams";
import { requestOptions, type RequestOptions } from "./request-options.ts";

/** `changed` false: the same was asked for before, by a rule or a person, and that job stands. */
export type Requested = { readonly job: JobId; readonly changed: boolean };

export type ByHand = {
  readonly options: (study: StudyId) => Promise<RequestOptions | Refusal>;
  readonly request: (study: StudyId, wish: Wish) => Promise<Requested | Refusal>;
};

export type ByHandDeps = {
  readonly catalogue: readonly Application[];
  /** Undefined while the ledger was not reached. */
  readonly log: () => EventLog | undefined;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  /** Where the study's objects came in, as the read model knows it; undefined: not known here yet. */
  readonly siteOf: (study: StudyId) => SiteId | undefined;
  /** Whether the cluster takes the job at this moment. */
  readonly admit: (request: JobRequest) => Admission;
  readonly site: string;
  readonly clock: Clock;
};

/** @returns of both functions: throws the store's faults where no site that holds the volumes' plans answers. */
export function byHand(deps: ByHandDeps): ByHand {
  return {
    options: async (study) => {
      const input = await studyInput(deps, study);
      return isRefusal(input) ? input : requestOptions(study, deps.catalogue, input.volumes);
    },
    request: (study, wish) => request(deps, study, wish),
  };
}

async function request(deps: ByHandDeps, study: StudyId, wish: Wish): Promise<Requested | Refusal> {
  const log = deps.log();
  const input = await studyInput(deps, study);
  if (isRefusal(input) || !log) return isRefusal(input) ? input : unreachable();
  const asked = askByHand(deps.catalogue, wish, input);
  if (isRefusal(asked)) return asked;
  const admission = deps.admit(asked);
  if (isRefusal(admission)) return refusal(admission.refused, admission.reason);
  const context = { atMs: deps.clock.nowMs(), site: deps.site, actor: `api:${deps.site}` };
  const command = { type: "request", request: asked } as const;
  const done = await execute(log, jobStream(asked.job), jobDecider, command, context);
  return isRefusal(done) ? done : { job: asked.job, changed: done.events.length > 0 };
}

const unreachable = (): Refusal =>
  refusal("LEDGER_UNREACHABLE", "The ledger does not answer: nothing can be recorded now.");

/** The study as the ledger has it at this moment: the read model may be behind, and does not know the objects' sizes. */
async function studyInput(deps: ByHandDeps, study: StudyId): Promise<StudyInput | Refusal> {
  const log = deps.log();
  if (!log) return unreachable();
  const { state } = await load(log, studyStream(study), studyDecider);
  if (state.status === "none") return refusal("STUDY_UNKNOWN", "There is no such study.");
  if (state.status === "receiving")
    return refusal("STUDY_RECEIVING", "The study still comes in: its volumes are known when it has settled.");
  const bytesOf = new Map([...state.objects.values()].map((object) => [object.digest, object.bytes]));
  const volumes: PlannedVolume[] = [];
  for (const { plan: digest } of state.series.flatMap((series) => series.volumes))
    volumes.push({ digest, plan: decodeVolumePlan(await deps.readObject(digest)) });
  return {
    study,
    volumes,
    inputSite: deps.siteOf(study) ?? (deps.site as SiteId),
    bytesOf: (digest) => bytesOf.get(digest) ?? 0,
  };
}
