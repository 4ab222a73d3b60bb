/** What happened, told from the ledger alone: studies, jobs, deliveries, the failover, every event first to last. */
import { viewsOf, type EventIndex, type IndexedEvent } from "@releve/ledger/views/event-index";
import { deliveryView, type DeliveryView } from "@releve/ledger/views/delivery-view";
import { jobView, type JobView } from "@releve/ledger/views/job-view";
import { studyView, type StudyView } from "@releve/ledger/views/study-view";
import type { SentFile } from "./send-study.ts";

export type JobSummary = Omit<JobView, "outputs" | "pictures"> & {
  readonly results: readonly { readonly sopInstanceUid: string; readonly file?: string }[];
  readonly pictures: readonly { readonly title: string; readonly file?: string }[];
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
  readonly studies: readonly StudyView[];
  readonly jobs: readonly JobSummary[];
  readonly deliveries: readonly DeliveryView[];
  readonly failover: Failover | null;
  readonly events: readonly IndexedEvent[];
};

export const studiesOf = (index: EventIndex): StudyView[] => viewsOf(index, "study", studyView);
export const jobsOf = (index: EventIndex): JobView[] => viewsOf(index, "job", jobView);
export const deliveriesOf = (index: EventIndex): DeliveryView[] => viewsOf(index, "delivery", deliveryView);

/** @param killedAtMs when the demo sent SIGKILL, by the clock of this machine, which is also the nodes'. */
export function failoverOf(index: EventIndex, killedNode: string, job: string, killedAtMs: number): Failover {
  const events = index.ofStream("job", job);
  const next = events.find(
    ({ event, context }) =>
      event.type === "JobClaimed" && event.node !== killedNode && context.atMs >= killedAtMs,
  );
  const end = jobView(events);
  return {
    killedNode,
    job,
    finishedBy: end?.status === "completed" && end.node !== killedNode ? (end.node ?? null) : null,
    gapMs: next ? next.context.atMs - killedAtMs : null,
  };
}
