/** What happened, told from the ledger alone: studies, jobs, deliveries, the failover, every event first to last. */
import type { EventEnvelope } from "@releve/ledger/envelope";
import type { JobEvent, LedgerEvent, RuleDecision, SettledSeries } from "@releve/ledger/events";
import type { SentFile } from "./send-study.ts";

export type JobSummary = {
  readonly job: string;
  readonly study: string;
  readonly application: string;
  readonly status: "completed" | "failed" | "open";
  readonly node?: string;
  readonly site?: string;
  readonly attempts: number;
  readonly engine?: string;
  readonly milliseconds?: number;
  readonly reason?: string;
  readonly remarks: readonly string[];
  readonly results: readonly { readonly sopInstanceUid: string; readonly file?: string }[];
  readonly pictures: readonly { readonly title: string; readonly file?: string }[];
};

export type StudySummary = {
  readonly study: string;
  readonly studyInstanceUid: string;
  readonly revision: number;
  readonly series: readonly SeriesSummary[];
};

type SeriesSummary = Omit<SettledSeries, "volumes"> & {
  readonly volumes: readonly (SettledSeries["volumes"][number] & {
    readonly decisions: readonly RuleDecision[];
  })[];
};

/** A node was killed while it held a job; the gap is from the kill to the claim by another. */
export type Failover = {
  readonly killedNode: string;
  readonly job: string;
  readonly finishedBy: string | null;
  readonly gapMs: number | null;
};

export type Summary = {
  readonly ok: boolean;
  /** Why `ok` is false, in sentences. */
  readonly problems: readonly string[];
  readonly sent: readonly SentFile[];
  readonly studies: readonly StudySummary[];
  readonly jobs: readonly JobSummary[];
  readonly deliveries: readonly DeliverySummary[];
  readonly failover: Failover | null;
  readonly events: readonly EventEnvelope[];
};

export type DeliverySummary = {
  readonly job: string;
  readonly destination: string;
  readonly status: "delivered" | "pending";
  readonly attempts: number;
};

type Of<T extends LedgerEvent["type"]> = Extract<LedgerEvent, { type: T }>;
const only = <T extends LedgerEvent["type"]>(events: readonly EventEnvelope[], type: T): Of<T>[] =>
  events.map((envelope) => envelope.event).filter((event): event is Of<T> => event.type === type);

export function studiesOf(events: readonly EventEnvelope[]): StudySummary[] {
  const ruled = only(events, "StudyRuled");
  const uids = new Map(
    only(events, "StudyObjectsReceived").map((event) => [event.study, event.studyInstanceUid]),
  );
  const latest = new Map(only(events, "StudySettled").map((event) => [event.study, event]));
  return [...latest.values()].map((settled) => {
    const rule = ruled.findLast(
      (event) => event.study === settled.study && event.revision === settled.revision,
    );
    const series = settled.series.map((one) => ({
      ...one,
      volumes: one.volumes.map((volume) => ({
        ...volume,
        decisions: rule?.decisions.filter((decision) => decision.plan === volume.plan) ?? [],
      })),
    }));
    return {
      study: settled.study,
      studyInstanceUid: uids.get(settled.study) ?? "",
      revision: settled.revision,
      series,
    };
  });
}

const jobTypes: ReadonlySet<string> = new Set([
  "JobRequested",
  "JobClaimed",
  "JobAttemptFailed",
  "JobReleased",
  "JobCompleted",
  "JobDeadLettered",
  "JobCancelled",
  "JobSuperseded",
] satisfies JobEvent["type"][]);

export function jobsOf(events: readonly EventEnvelope[]): JobSummary[] {
  const jobEvents = events
    .map((envelope) => envelope.event)
    .filter((event): event is JobEvent => jobTypes.has(event.type));
  return [...Map.groupBy(jobEvents, (event) => event.job).values()].map(jobSummary);
}

function jobSummary(events: readonly JobEvent[]): JobSummary {
  const requested = events.find((event) => event.type === "JobRequested");
  const completed = events.find((event) => event.type === "JobCompleted");
  const attempts = events.filter((event) => event.type === "JobClaimed").length;
  const named = {
    job: events[0]!.job,
    study: requested?.study ?? "",
    application: requested?.application ?? "",
    attempts,
  };
  if (!completed) return { ...named, ...endWithoutResult(events), remarks: [], results: [], pictures: [] };
  return {
    ...named,
    status: "completed",
    node: completed.node,
    site: completed.site,
    engine: completed.engine,
    milliseconds: completed.computeMs,
    remarks: completed.remarks,
    results: completed.outputs.map(({ sopInstanceUid }) => ({ sopInstanceUid })),
    pictures: completed.pictures.map(({ title }) => ({ title })),
  };
}

function endWithoutResult(events: readonly JobEvent[]): { status: "failed" | "open"; reason?: string } {
  const end = events.find((event) => event.type === "JobDeadLettered" || event.type === "JobCancelled");
  return end && "reason" in end ? { status: "failed", reason: end.reason } : { status: "open" };
}

export function deliveriesOf(events: readonly EventEnvelope[]): DeliverySummary[] {
  const delivered = new Map(only(events, "Delivered").map((event) => [event.delivery, event.attempt]));
  const failed = Map.groupBy(only(events, "DeliveryFailed"), (event) => event.delivery);
  return only(events, "DeliveryRequested").map(({ delivery, job, destination }) => ({
    job,
    destination,
    status: delivered.has(delivery) ? "delivered" : "pending",
    attempts: delivered.get(delivery) ?? failed.get(delivery)?.length ?? 0,
  }));
}

/** @param killedAtMs when the demo sent SIGKILL, by the clock of this machine, which is also the nodes'. */
export function failoverOf(
  events: readonly EventEnvelope[],
  killedNode: string,
  job: string,
  killedAtMs: number,
): Failover {
  const ofJob = events.filter((envelope) => "job" in envelope.event && envelope.event.job === job);
  const next = ofJob.find(
    ({ event, context }) =>
      event.type === "JobClaimed" && event.node !== killedNode && context.atMs >= killedAtMs,
  );
  const end = only(ofJob, "JobCompleted")[0];
  return {
    killedNode,
    job,
    finishedBy: end && end.node !== killedNode ? end.node : null,
    gapMs: next ? next.context.atMs - killedAtMs : null,
  };
}
