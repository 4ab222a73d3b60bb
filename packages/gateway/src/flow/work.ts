/**
 * What a gateway still has to do, folded from the ledger: light enough to keep for every open study and delivery, and
 * rebuilt from the ledger at every start. Pure; the aggregates themselves are loaded when something is done to them.
 *
 * Times are this gateway's own: when it saw an event, and differences within one event. The clocks of two machines are
 * never compared, so a site whose clock is hours off settles and sends as any other.
 */
import type { DeliveryId, JobId, StudyId } from "@releve/domain/ids";
import { deliveryIdOf } from "@releve/domain/ids";
import type { EventEnvelope } from "@releve/ledger/envelope";

export type StudyWork = {
  readonly status: "receiving" | "settled";
  /** The sites whose gateways took objects of it, the first one first: it is the study's home. */
  readonly sites: ReadonlySet<string>;
  readonly openedAtMs: number;
  readonly lastReceivedAtMs: number;
};

export type DeliveryWork = { readonly site: string; readonly destination: string; readonly nextAtMs: number };

export type Work = {
  /** Studies that are not ruled: one that is needs nothing until it is re-opened. */
  readonly studies: ReadonlyMap<StudyId, StudyWork>;
  /** The home of each job that is not completed; one that was given up may be asked for again. */
  readonly jobs: ReadonlyMap<JobId, { readonly site: string }>;
  /** Completed jobs, with their home: some destination may not have its delivery yet. */
  readonly completed: ReadonlyMap<JobId, { readonly site: string }>;
  /** Every delivery ever requested: a request is made once. */
  readonly requested: ReadonlySet<DeliveryId>;
  /** Deliveries that are not finished. */
  readonly deliveries: ReadonlyMap<DeliveryId, DeliveryWork>;
  /** Sites that joined and have not left. */
  readonly members: ReadonlySet<string>;
  /** The destinations that each home has asked for: another site that acts for it asks for no others. */
  readonly destinations: ReadonlyMap<string, ReadonlySet<string>>;
};

// oxlint-disable max-lines-per-function, complexity -- one case for each event, so that a new one does not compile unhandled
/** Mutable inside, handed out read-only: copying maps of thousands for every event would be quadratic. */
export function newWork() {
  const studies = new Map<StudyId, StudyWork>();
  /** The sites of ruled studies, for when one is re-opened. */
  const ruled = new Map<StudyId, ReadonlySet<string>>();
  const jobs = new Map<JobId, { site: string }>();
  const completed = new Map<JobId, { site: string }>();
  const requested = new Set<DeliveryId>();
  const deliveries = new Map<DeliveryId, DeliveryWork>();
  /** Deliveries that stopped: a person may ask for one again. */
  const stopped = new Map<DeliveryId, DeliveryWork>();
  const members = new Set<string>();
  const destinations = new Map<string, Set<string>>();
  const work: Work = { studies, jobs, completed, requested, deliveries, members, destinations };

  const received = (study: StudyId, site: string, atMs: number) => {
    const known = studies.get(study);
    const open = known?.status === "receiving";
    const sites = known?.sites ?? ruled.get(study) ?? new Set<string>();
    ruled.delete(study);
    studies.set(study, {
      status: "receiving",
      sites: sites.has(site) ? sites : new Set([...sites, site]),
      openedAtMs: open ? known.openedAtMs : atMs,
      lastReceivedAtMs: Math.max(open ? known.lastReceivedAtMs : 0, atMs),
    });
  };
  const settled = (study: StudyId) => {
    const known = studies.get(study);
    if (known) studies.set(study, { ...known, status: "settled" });
  };
  const close = (study: StudyId) => {
    const known = studies.get(study);
    if (known) ruled.set(study, known.sites);
    studies.delete(study);
  };
  const ask = (delivery: DeliveryId, { site, destination }: Omit<DeliveryWork, "nextAtMs">) => {
    if (requested.has(delivery)) return;
    requested.add(delivery);
    deliveries.set(delivery, { site, destination, nextAtMs: 0 });
    const used = destinations.get(site) ?? new Set();
    destinations.set(site, used.add(destination));
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

  /** Applying the same event twice changes nothing. @param seenMs by this gateway's clock, see `seenAtMs`. */
  const apply = ({ event, context }: EventEnvelope, seenMs: number): void => {
    switch (event.type) {
      case "StudyObjectsReceived":
        return received(event.study, context.site, seenMs);
      case "StudyObjectRevised":
        return received(event.study, context.site, seenMs);
      case "StudySettled":
        return settled(event.study);
      case "StudyRuled":
        return close(event.study);
      case "JobRequested":
        return void jobs.set(event.job, { site: event.inputSite });
      case "JobCompleted": {
        const home = ended(event.job);
        return void (home && completed.set(event.job, home));
      }
      case "JobSuperseded":
        completed.delete(event.job);
        return void ended(event.job);
      case "DeliveryRequested":
        return ask(event.delivery, event);
      case "DeliveryFailed": {
        const known = deliveries.get(event.delivery);
        if (event.nextAtMs === null) return stop(event.delivery);
        const nextAtMs = seenMs + Math.max(0, event.nextAtMs - context.atMs);
        return void (known && deliveries.set(event.delivery, { ...known, nextAtMs }));
      }
      case "Delivered":
        stopped.delete(event.delivery);
        return void deliveries.delete(event.delivery);
      case "DeliveryRetried": {
        const known = stopped.get(event.delivery);
        stopped.delete(event.delivery);
        return void (known && deliveries.set(event.delivery, { ...known, nextAtMs: 0 }));
      }
      case "SiteJoined":
        return void members.add(event.site);
      case "SiteLeft":
        return void members.delete(event.site);
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
      case "NodeSelfTested":
      case "NodeDraining":
      case "NodeResumed":
      case "SessionOpened":
      case "SessionViewSaved":
      case "SessionAnnotated":
      case "SessionMoved":
      case "SessionClosed":
      case "SiteLost":
      case "SiteReturned":
      case "AccessGranted":
      case "AccessRevoked":
      case "SignedIn":
      case "SignedOut":
      case "AccessRefused":
      case "LedgerAdopted":
        return;
    }
  };

  /** A completed job is no work any more when all is requested that this site could ever ask for. */
  const forgetRequested = (own: string, configured: readonly string[]): void => {
    for (const [job, { site }] of completed) {
      const used = destinations.get(site);
      const wanted = site === own || !used ? configured : configured.filter((name) => used.has(name));
      if (wanted.every((name) => requested.has(deliveryIdOf(job, name)))) completed.delete(job);
    }
  };

  return { work, apply, forgetRequested };
}

/**
 * When an event counts as seen. A live one: now. One of the past, read at the start: when this gateway wrote it, but never
 * in the future, in case the clock was set back since; another site's clock says nothing, so its time begins now.
 */
export function seenAtMs(
  { context }: Pick<EventEnvelope, "context">,
  when: "past" | "live",
  own: string,
  nowMs: number,
): number {
  return when === "past" && context.site === own ? Math.min(context.atMs, nowMs) : nowMs;
}
