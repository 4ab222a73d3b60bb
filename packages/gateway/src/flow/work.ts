/**
 * What a gateway still has to do, folded from the ledger: light enough to keep for every open study and delivery, and
 * rebuilt from the ledger at every start. Pure; the aggregates themselves are loaded when something is done to them.
 */
import type { DeliveryId, JobId, StudyId } from "@releve/domain/ids";
import { deliveryIdOf } from "@releve/domain/ids";
import type { EventEnvelope } from "@releve/ledger/envelope";

export type StudyWork = {
  /** A study that is ruled needs nothing until it is re-opened. */
  readonly status: "receiving" | "settled" | "ruled";
  /** The sites whose gateways took objects of it: each of them may settle it. */
  readonly sites: ReadonlySet<string>;
  readonly openedAtMs: number;
  readonly lastReceivedAtMs: number;
};

export type DeliveryWork = { readonly site: string; readonly destination: string; readonly nextAtMs: number };

export type Work = {
  readonly studies: ReadonlyMap<StudyId, StudyWork>;
  /** The home of each job that is not completed; one that was given up may be asked for again. */
  readonly jobs: ReadonlyMap<JobId, { readonly site: string }>;
  /** Completed jobs, with their home: some destination may not have its delivery yet. */
  readonly completed: ReadonlyMap<JobId, { readonly site: string }>;
  /** Every delivery ever requested: a request is made once. */
  readonly requested: ReadonlySet<DeliveryId>;
  /** Deliveries that are not finished. */
  readonly deliveries: ReadonlyMap<DeliveryId, DeliveryWork>;
};

// oxlint-disable max-lines-per-function, complexity -- one case for each event, so that a new one does not compile unhandled
/** Mutable inside, handed out read-only: copying maps of thousands for every event would be quadratic. */
export function newWork() {
  const studies = new Map<StudyId, StudyWork>();
  const jobs = new Map<JobId, { site: string }>();
  const completed = new Map<JobId, { site: string }>();
  const requested = new Set<DeliveryId>();
  const deliveries = new Map<DeliveryId, DeliveryWork>();
  /** Deliveries that stopped: a person may ask for one again. */
  const stopped = new Map<DeliveryId, DeliveryWork>();
  const work: Work = { studies, jobs, completed, requested, deliveries };

  const received = (study: StudyId, site: string, atMs: number) => {
    const known = studies.get(study);
    const open = known?.status === "receiving";
    studies.set(study, {
      status: "receiving",
      sites: new Set([...(known?.sites ?? []), site]),
      openedAtMs: open ? known.openedAtMs : atMs,
      lastReceivedAtMs: Math.max(open ? known.lastReceivedAtMs : 0, atMs),
    });
  };
  const advance = (study: StudyId, status: StudyWork["status"]) => {
    const known = studies.get(study);
    if (known) studies.set(study, { ...known, status });
  };
  const stop = (delivery: DeliveryId) => {
    const known = deliveries.get(delivery);
    if (known) stopped.set(delivery, known);
    deliveries.delete(delivery);
  };
  const ended = (job: JobId) => {
    const known = jobs.get(job);
    jobs.delete(job);
    return known;
  };

  /** Applying the same event twice changes nothing. */
  const apply = ({ event, context }: EventEnvelope): void => {
    switch (event.type) {
      case "StudyObjectsReceived":
        return received(event.study, context.site, context.atMs);
      case "StudyObjectRevised":
        return received(event.study, context.site, context.atMs);
      case "StudySettled":
        return advance(event.study, "settled");
      case "StudyRuled":
        return advance(event.study, "ruled");
      case "JobRequested":
        return void jobs.set(event.job, { site: event.inputSite });
      case "JobCompleted": {
        const home = ended(event.job);
        return void (home && completed.set(event.job, home));
      }
      case "JobSuperseded":
        return void ended(event.job);
      case "DeliveryRequested": {
        const { delivery, site, destination } = event;
        if (requested.has(delivery)) return;
        requested.add(delivery);
        return void deliveries.set(delivery, { site, destination, nextAtMs: 0 });
      }
      case "DeliveryFailed": {
        const known = deliveries.get(event.delivery);
        if (event.nextAtMs === null) return stop(event.delivery);
        return void (known && deliveries.set(event.delivery, { ...known, nextAtMs: event.nextAtMs }));
      }
      case "Delivered":
        return void deliveries.delete(event.delivery);
      case "DeliveryRetried": {
        const known = stopped.get(event.delivery);
        stopped.delete(event.delivery);
        return void (known && deliveries.set(event.delivery, { ...known, nextAtMs: 0 }));
      }
      case "StudyObjectQuarantined":
      case "StudyObjectsReplicated":
      case "StudyReopened":
      case "JobClaimed":
      case "JobAttemptFailed":
      case "JobReleased":
      case "JobDeadLettered":
      case "JobCancelled":
      case "JobRetried":
      case "NodeJoined":
      case "NodeLost":
      case "NodeLeft":
      case "NodeDraining":
      case "NodeResumed":
      case "SessionOpened":
      case "SessionViewSaved":
      case "SessionAnnotated":
      case "SessionMoved":
      case "SessionClosed":
      case "SiteJoined":
      case "SiteLost":
      case "SiteReturned":
      case "SiteLeft":
      case "AccessGranted":
      case "AccessRevoked":
      case "LedgerAdopted":
        return;
    }
  };

  /** A completed job whose deliveries are all requested is no work any more. */
  const forgetRequested = (destinations: readonly string[]): void => {
    for (const job of completed.keys()) {
      if (destinations.every((name) => requested.has(deliveryIdOf(job, name)))) completed.delete(job);
    }
  };

  return { work, apply, forgetRequested };
}
