/**
 * What lies at one site only, folded from the ledger: accepted objects, the plans of settled studies, results and pictures,
 * the bodies of annotations.
 * Only what a site with the policy `safe-2` took or made counts.
 */
import type { Digest, JobId, SessionId, StudyId } from "@releve/domain/ids";
import type { EventEnvelope } from "@releve/ledger/envelope";
import type { JobEvent } from "@releve/ledger/events/job";
import type { SessionEvent } from "@releve/ledger/events/session";
import type { SafetyPolicy } from "@releve/ledger/events/site";
import type { StudyEvent } from "@releve/ledger/events/study";
import { newSoleCopies } from "./sole-copies.ts";

export type Policies = ReadonlyMap<string, SafetyPolicy>;

/** @param seed the policies that an earlier fold ended with: a site that became `safe-2` late has older objects. */
export function newLacking(seed: Policies = new Map(), objectsMax?: number) {
  const policies = new Map<string, SafetyPolicy>();
  /** What each holder's objects were judged by: the first that is known of it, so that a later change is noticed. */
  const judgedBy = new Map(seed);
  const members = new Set<string>();
  const homes = new Map<StudyId, string>();
  const studyOfJob = new Map<JobId, StudyId>();
  const studyOfSession = new Map<SessionId, StudyId>();
  const copies = newSoleCopies(objectsMax);

  const policyOf = (site: string): SafetyPolicy => policies.get(site) ?? "local";
  const add = (study: StudyId, digests: readonly Digest[], from: From, seenMs: number): void => {
    const policy = judgedBy.get(from.holder) ?? policyOf(from.holder);
    judgedBy.set(from.holder, policy);
    if (policy === "safe-2") copies.add(study, digests, from, seenMs);
  };
  const applyStudy = (event: StudyEvent, site: string, seenMs: number): void => {
    switch (event.type) {
      case "StudyObjectsReceived":
        if (!homes.has(event.study)) homes.set(event.study, site);
        return add(event.study, event.objects.map(digestOfObject), { holder: site, derived: false }, seenMs);
      case "StudyObjectRevised":
      case "StudyObjectQuarantined":
        return add(event.study, [event.object.digest], { holder: site, derived: false }, seenMs);
      case "StudySettled": {
        const plans = event.series.flatMap(({ volumes }) => volumes.map(({ plan }) => plan));
        return add(event.study, plans, { holder: site, derived: true }, seenMs);
      }
      case "StudyObjectsReplicated":
        return copies.held(event.study, event.site, [...event.digests, ...(event.derived ?? [])]);
      case "StudyRuled":
      case "StudyReopened":
        return;
    }
  };
  const applyCompleted = (event: Extract<JobEvent, { type: "JobCompleted" }>, seenMs: number): void => {
    const study = studyOfJob.get(event.job);
    studyOfJob.delete(event.job);
    const digests = [...event.outputs, ...event.pictures].map(digestOfObject);
    if (study) add(study, digests, { holder: event.site, derived: true }, seenMs);
  };

  /** Whoever writes the event has stored the body at its site. */
  const applySession = (event: SessionEvent, site: string, seenMs: number): void => {
    const study = studyOfSession.get(event.session);
    if (event.type === "SessionOpened") studyOfSession.set(event.session, event.study);
    if (event.type === "SessionClosed") studyOfSession.delete(event.session);
    if (event.type === "SessionAnnotated" && event.body && study)
      add(study, [event.body], { holder: site, derived: true }, seenMs);
  };

  return {
    ...copies,
    members: members as ReadonlySet<string>,
    policies: policies as Policies,
    /** The site that received the study first. */
    homeOf: (study: StudyId): string | undefined => homes.get(study),
    /** @param seenMs by this gateway's clock. */
    apply: ({ event, context }: EventEnvelope, seenMs: number): void => {
      if (isOfStudy(event)) return applyStudy(event, context.site, seenMs);
      if (isOfSession(event)) return applySession(event, context.site, seenMs);
      if (event.type === "JobRequested") return void studyOfJob.set(event.job, event.study);
      if (event.type === "JobCompleted") return applyCompleted(event, seenMs);
      if (event.type === "JobSuperseded") return void studyOfJob.delete(event.job);
      if (event.type === "SiteLeft") return void members.delete(event.site);
      if (event.type !== "SiteJoined") return;
      members.add(event.site);
      policies.set(event.site, event.safety);
    },
    /** A site's policy is no longer the one that its objects were judged by: the fold must be made anew. */
    outOfDate: () => [...judgedBy].some(([site, policy]) => policy !== policyOf(site)),
  };
}

type From = { readonly holder: string; readonly derived: boolean };
export type Lacking = ReturnType<typeof newLacking>;

const digestOfObject = ({ digest }: { readonly digest: Digest }): Digest => digest;

const isOfStudy = (event: { readonly type: string }): event is StudyEvent => event.type.startsWith("Study");
const isOfSession = (event: { readonly type: string }): event is SessionEvent =>
  event.type.startsWith("Session");
