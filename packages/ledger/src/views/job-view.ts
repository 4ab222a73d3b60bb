/** A job as a list shows it, from its stream's events. */
import { isPutOff, type PutOffReason } from "../dispatch/put-off.ts";
import type { EventEnvelope } from "../envelope.ts";
import type { JobEvent, JobPriority, ReleaseReason } from "../events/job.ts";
import type { Picture, StoredObject } from "../events/stored-object.ts";

export type JobView = {
  readonly job: string;
  readonly study: string;
  readonly application: string;
  readonly applicationVersion: string;
  readonly status: "waiting" | "running" | "completed" | "failed" | "cancelled" | "superseded";
  readonly priority: JobPriority;
  readonly deadlineAtMs: number | null;
  readonly requestedAtMs: number;
  readonly endedAtMs?: number;
  /** Who holds it, or held it last. */
  readonly node?: string;
  readonly site?: string;
  readonly attempts: number;
  readonly engine?: string;
  readonly computeMs?: number;
  /** While it waits: what kept the node that had it last from doing it. */
  readonly putOff?: PutOffReason;
  /** Why it failed, was cancelled or is tried again. */
  readonly reason?: string;
  readonly remarks: readonly string[];
  readonly outputs: readonly StoredObject[];
  readonly pictures: readonly Picture[];
};

/** @param events of one job stream, oldest first; undefined where they begin with something else than the request. */
export function jobView(events: readonly EventEnvelope[]): JobView | undefined {
  let view: JobView | undefined;
  for (const envelope of events) view = nextJobView(view, envelope);
  return view;
}

/** One event further. */
export function nextJobView(before: JobView | undefined, envelope: EventEnvelope): JobView | undefined {
  const event = envelope.event as JobEvent;
  const { atMs } = envelope.context;
  if (event.type === "JobRequested") {
    const { job, study, application, applicationVersion, priority, deadlineAtMs } = event;
    const nothing = { attempts: 0, remarks: [], outputs: [], pictures: [] };
    return {
      job,
      study,
      application,
      applicationVersion,
      status: "waiting",
      priority,
      deadlineAtMs,
      requestedAtMs: atMs,
      ...nothing,
    };
  }
  if (!before) return undefined;
  const { putOff: _putOff, ...view } = before;
  switch (event.type) {
    case "JobClaimed":
      return { ...view, status: "running", node: event.node, site: event.site, attempts: event.attempt };
    case "JobAttemptFailed":
      return { ...view, status: "waiting", reason: event.reason };
    case "JobReleased":
      return {
        ...view,
        status: "waiting",
        reason: releaseReasons[event.reason],
        ...(isPutOff(event.reason) ? { putOff: event.reason } : {}),
      };
    case "JobCompleted": {
      const { node, site, engine, computeMs, remarks, outputs, pictures } = event;
      const { reason: _, ...rest } = view;
      return {
        ...rest,
        status: "completed",
        endedAtMs: atMs,
        node,
        site,
        engine,
        computeMs,
        remarks,
        outputs,
        pictures,
      };
    }
    case "JobDeadLettered":
      return { ...view, status: "failed", endedAtMs: atMs, reason: event.reason };
    case "JobCancelled":
      return { ...view, status: "cancelled", endedAtMs: atMs, reason: event.reason };
    case "JobRetried": {
      const { endedAtMs: _, ...rest } = view;
      return { ...rest, status: "waiting", attempts: 0, reason: event.reason };
    }
    case "JobSuperseded":
      return { ...view, status: "superseded", endedAtMs: atMs, reason: supersededBy(event) };
  }
}

const supersededBy = ({ by, bySite }: Extract<JobEvent, { type: "JobSuperseded" }>): string =>
  bySite === null ? `job ${by} counts instead` : `the completion of ${bySite} counts instead`;

const releaseReasons = {
  "node-lost": "its node was lost",
  drain: "its node was drained",
  shutdown: "its node was stopped",
  "input-away": "no site that holds its input answers",
  "node-unfit": "its node could not work: its disk is full or failed",
} as const satisfies Readonly<Record<ReleaseReason, string>>;
