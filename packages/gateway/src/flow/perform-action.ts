/** Does one due action. Each ends in one append that its decider guards, so doing it twice, or at two sites, is harmless. */
import type { Clock } from "@releve/domain/clock";
import { deliveryIdOf, type DeliveryId, type JobId, type SiteId, type StudyId } from "@releve/domain/ids";
import { decodeVolumePlan } from "@releve/domain/series-split";
import type { Application } from "@releve/apps/application";
import type { PlannedVolume } from "@releve/apps/request-job";
import { execute } from "@releve/ledger/command-handler";
import { deliveryDecider, type DeliveryCommand } from "@releve/ledger/deciders/delivery";
import { jobDecider } from "@releve/ledger/deciders/job";
import { studyDecider, type StudyCommand, type StudyState } from "@releve/ledger/deciders/study";
import type { Context } from "@releve/ledger/envelope";
import type { EventLog } from "@releve/ledger/event-log";
import type { JobRequest } from "@releve/ledger/events/job";
import type { RuleDecision } from "@releve/ledger/events/study";
import type { Admission } from "@releve/ledger/dispatch/admission";
import { load, type Snapshots } from "@releve/ledger/fold";
import { deliveryStream, jobStream, studyStream } from "@releve/ledger/streams";
import type { ObjectStore } from "@releve/store/object-store";
import type { Destination } from "../delivery/destination.ts";
import type { ConfirmedObjects } from "../delivery/confirmed-objects.ts";
import { receiptOf, sendDelivery, type SendDeps } from "../delivery/send-delivery.ts";
import { admitProposals } from "../rule/admit-proposals.ts";
import { proposeJobs, type Proposal } from "../rule/propose-jobs.ts";
import { describeStudy } from "../study/describe-study.ts";
import type { Action } from "./due-actions.ts";

export type PerformDeps = SendDeps & {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly site: SiteId;
  readonly store: ObjectStore;
  readonly catalogue: readonly Application[];
  readonly destinations: readonly Destination[];
  readonly confirmed: ConfirmedObjects;
  readonly snapshots?: Snapshots<StudyState>;
  /** Whether the cluster takes the job, by its load at this moment. */
  readonly admit: (request: JobRequest) => Admission;
};

/** @throws Fault of the ledger, the store or the peer: the caller tries again later. */
export async function performAction(deps: PerformDeps, action: Action, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case "settle":
      return settle(deps, action.study);
    case "rule":
      return rule(deps, action.study);
    case "request-delivery":
      return requestDelivery(deps, action.job, action.destination);
    case "send":
      return send(deps, action.delivery, signal);
  }
}

const contextOf = ({ clock, site }: PerformDeps): Context => ({
  atMs: clock.nowMs(),
  site,
  actor: `gateway:${site}`,
});

/** A refusal here says that the study changed while we looked: the new event makes it due again. */
async function settle(deps: PerformDeps, study: StudyId): Promise<void> {
  const { state } = await load(deps.log, studyStream(study), studyDecider, deps.snapshots);
  if (state.status !== "receiving") return;
  const series = await describeStudy(deps, [...state.objects.values()]);
  const command = { type: "settle", objectsVersion: state.objectsVersion, series } as const;
  await tellStudy(deps, study, command);
}

/**
 * Jobs first, the decision after them: a crash in between requests the same jobs again, which are the same jobs.
 * @throws GatewayFault CLUSTER_FULL: the study stays settled and its rule is tried again; nothing of it was requested.
 */
async function rule(deps: PerformDeps, study: StudyId): Promise<void> {
  const { state } = await load(deps.log, studyStream(study), studyDecider, deps.snapshots);
  if (state.status !== "settled" || state.decisions) return;
  const proposals = admitProposals(await proposalsOf(deps, state), deps.admit);
  for (const request of proposals.flatMap((proposal) => proposal.jobs)) {
    await execute(
      deps.log,
      jobStream(request.job),
      jobDecider,
      { type: "request", request },
      contextOf(deps),
    );
  }
  const command = { type: "rule", revision: state.revision, decisions: proposals.map(decisionOf) } as const;
  await tellStudy(deps, study, command);
}

async function tellStudy(deps: PerformDeps, study: StudyId, command: StudyCommand): Promise<void> {
  const stream = studyStream(study);
  await execute(deps.log, stream, studyDecider, command, contextOf(deps), undefined, deps.snapshots);
}

type Settled = Extract<StudyState, { status: "settled" }>;

async function proposalsOf(deps: PerformDeps, state: Settled): Promise<Proposal[]> {
  const bytesOf = new Map([...state.objects.values()].map((object) => [object.digest, object.bytes]));
  const volumes: PlannedVolume[] = [];
  for (const { plan: digest } of state.series.flatMap((series) => series.volumes))
    volumes.push({ digest, plan: decodeVolumePlan(await deps.readObject(digest)) });
  return proposeJobs(deps.catalogue, {
    study: state.study,
    volumes,
    inputSite: deps.site,
    bytesOf: (digest) => bytesOf.get(digest) ?? 0,
  });
}

function decisionOf({ jobs, ...proposal }: Proposal): RuleDecision {
  return { ...proposal, jobs: jobs.map((request) => request.job) };
}

async function requestDelivery(deps: PerformDeps, job: JobId, destination: string): Promise<void> {
  const { state } = await load(deps.log, jobStream(job), jobDecider);
  if (state.status !== "completed") return;
  const delivery = deliveryIdOf(job, destination);
  const { study, inputSite: site } = state.request;
  const request = { delivery, job, study, destination, site, objects: state.completion.outputs };
  await execute(
    deps.log,
    deliveryStream(delivery),
    deliveryDecider,
    { type: "request", request },
    contextOf(deps),
  );
}

/**
 * Only what the delivery names, which is what the completion named, is ever sent; and of a completion that counts no more
 * nothing is sent from then on. What an archive has already stays there.
 */
async function send(deps: PerformDeps, delivery: DeliveryId, signal: AbortSignal): Promise<void> {
  const { state } = await load(deps.log, deliveryStream(delivery), deliveryDecider);
  if (state.status !== "pending") return;
  const destination = deps.destinations.find(({ name }) => name === state.request.destination);
  if (!destination) return;
  const { objects, job } = state.request;
  const attempt = state.attempts + 1;
  if ((await load(deps.log, jobStream(job), jobDecider)).state.status === "superseded") {
    const { atMs: nowMs } = contextOf(deps);
    await tellDelivery(deps, delivery, { type: "fail", attempt, ...noLongerCounts, nowMs, final: true });
    return;
  }
  const rest = objects.filter(({ digest }) => !deps.confirmed.has(delivery, digest));
  const { confirmed, refused } = await sendDelivery(deps, destination, rest, signal);
  deps.confirmed.add(delivery, confirmed);
  if (signal.aborted) return;
  const command: DeliveryCommand = refused
    ? {
        type: "fail",
        attempt,
        code: refused.refused,
        reason: refused.reason,
        nowMs: deps.clock.nowMs(),
        final: false,
      }
    : { type: "deliver", attempt, receipt: receiptOf(destination, objects) };
  await tellDelivery(deps, delivery, command);
  if (!refused) deps.confirmed.forget(delivery);
}

const noLongerCounts = { code: "JOB_SUPERSEDED", reason: "Another completion of the job counts instead." };

async function tellDelivery(
  deps: PerformDeps,
  delivery: DeliveryId,
  command: DeliveryCommand,
): Promise<void> {
  await execute(deps.log, deliveryStream(delivery), deliveryDecider, command, contextOf(deps));
}
