/** One event as one line for people: time, site, who wrote it, what happened. */
import type { EventEnvelope } from "@releve/ledger/envelope";
import type { LedgerEvent } from "@releve/ledger/events";
import type { KernelTested } from "@releve/ledger/events/node";

export function formatEvent({ context, event }: EventEnvelope): string {
  const time = new Date(context.atMs).toISOString().replace("T", " ").replace("Z", "");
  return `${time}  ${context.site.padEnd(8)}  ${context.actor.padEnd(18)}  ${event.type.padEnd(22)}  ${describe(event)}`;
}

const short = (id: string): string => id.slice(0, 8);
const plural = (count: number, word: string): string =>
  `${count} ${word}${count === 1 || word.endsWith("s") ? "" : "s"}`;

type Describe = { readonly [T in LedgerEvent["type"]]: (event: Extract<LedgerEvent, { type: T }>) => string };

/** A full table, so that a new event does not compile until it has its sentence. */
const sentences: Describe = {
  StudyObjectsReceived: (event) => `study ${short(event.study)}: ${plural(event.objects.length, "object")}`,
  StudyObjectRevised: (event) => `study ${short(event.study)}: attributes of an object changed`,
  StudyObjectQuarantined: (event) =>
    `study ${short(event.study)}: other pixels under a known SOP Instance UID`,
  StudySettled: (event) =>
    `study ${short(event.study)} revision ${event.revision}: ${plural(event.series.length, "series")}, ${plural(
      event.series.reduce((sum, series) => sum + series.volumes.length, 0),
      "volume",
    )}`,
  StudyReopened: (event) => `study ${short(event.study)}: a late object re-opened revision ${event.revision}`,
  StudyRuled: (event) =>
    `study ${short(event.study)}: ${plural(
      event.decisions.reduce((sum, decision) => sum + decision.jobs.length, 0),
      "job",
    )}`,
  JobRequested: (event) => `job ${short(event.job)}: ${event.application} ${event.applicationVersion}`,
  JobClaimed: (event) => `job ${short(event.job)}: attempt ${event.attempt} by ${event.node}`,
  JobAttemptFailed: (event) =>
    `job ${short(event.job)}: attempt ${event.attempt} failed, ${event.code}: ${event.reason}`,
  JobReleased: (event) => `job ${short(event.job)}: taken back from ${event.node} (${event.reason})`,
  JobCompleted: (event) =>
    `job ${short(event.job)}: ${plural(event.outputs.length, "object")} by ${event.node} in ${event.computeMs} ms, ${event.engine}`,
  JobDeadLettered: (event) => `job ${short(event.job)}: given up, ${event.code}: ${event.reason}`,
  JobCancelled: (event) => `job ${short(event.job)}: cancelled, ${event.reason}`,
  JobSuperseded: (event) => `job ${short(event.job)}: superseded by ${short(event.by)}`,
  DeliveryRequested: (event) =>
    `job ${short(event.job)}: ${plural(event.objects.length, "object")} to ${event.destination}`,
  DeliveryFailed: (event) =>
    `delivery ${short(event.delivery)}: attempt ${event.attempt} failed, ${event.code}: ${event.reason}`,
  Delivered: (event) => `delivery ${short(event.delivery)}: ${event.receipt}`,
  NodeJoined: (event) => `node ${event.node}: ${plural(event.slots, "slot")}, ${event.engine}`,
  NodeLost: (event) => `node ${event.node}: silent for ${event.silentMs} ms`,
  NodeLeft: (event) => `node ${event.node}: left`,
  NodeSelfTested: (event) => `node ${event.node}: ${selfTestText(event.kernels)}`,
  NodeDraining: (event) => `node ${event.node}: finishes and leaves, ${event.reason}`,
  NodeResumed: (event) => `node ${event.node}: takes work again`,
  StudyObjectsReplicated: (event) =>
    `study ${short(event.study)}: ${plural(event.digests.length, "object")} copied to ${event.site}`,
  JobRetried: (event) => `job ${short(event.job)}: asked for again, ${event.reason}`,
  DeliveryRetried: (event) => `delivery ${short(event.delivery)}: asked for again, ${event.reason}`,
  SessionOpened: (event) =>
    `session ${short(event.session)}: ${event.application} on ${event.host.node}, standby ${event.standby?.node ?? "none"}`,
  SessionViewSaved: (event) => `session ${short(event.session)}: the view settled`,
  SessionAnnotated: (event) =>
    `session ${short(event.session)}: an annotation was ${event.body === null ? "taken away" : "saved"}`,
  SessionMoved: (event) =>
    `session ${short(event.session)}: epoch ${event.epoch} on ${event.host.node} (${event.reason})`,
  SessionClosed: (event) => `session ${short(event.session)}: closed (${event.reason})`,
  SiteJoined: (event) => `site ${event.site}: ${event.mode}, ${event.safety}`,
  SiteLost: (event) => `site ${event.site}: silent for ${event.silentMs} ms, says ${event.by}`,
  SiteReturned: (event) => `site ${event.site}: is back`,
  SiteLeft: (event) => `site ${event.site}: left`,
  AccessGranted: (event) => `${event.role} at ${event.site ?? "every site"} for ${short(event.subject)}`,
  AccessRevoked: (event) =>
    `no longer ${event.role} at ${event.site ?? "every site"} for ${short(event.subject)}: ${event.reason}`,
  SignedIn: (event) => `${short(event.subject)} at ${event.site} as ${event.roles.join(", ") || "nobody"}`,
  SignedOut: (event) => `${short(event.subject)} at ${event.site}: ${event.reason}`,
  AccessRefused: (event) => `${event.operation} at ${event.site} to ${short(event.subject)}: ${event.reason}`,
  LedgerAdopted: (event) =>
    `epoch ${event.epoch} begins after position ${event.tail}; up to ${event.remembered} is lost`,
};

function describe<T extends LedgerEvent["type"]>(event: Extract<LedgerEvent, { type: T }>): string {
  return (sentences[event.type] as (event: Extract<LedgerEvent, { type: T }>) => string)(event);
}

/** Every kernel that is not right, and every one that another engine runs than the node was set up for. */
function selfTestText(kernels: readonly KernelTested[]): string {
  const failed = kernels
    .filter(({ ok }) => !ok)
    .map(({ kernel, worst, tolerance, reason }) =>
      worst === null ? `${kernel} failed, ${reason}` : `${kernel} is off by ${worst}, more than ${tolerance}`,
    );
  const elsewhere = kernels
    .filter(({ engine }) => engine.includes("fallback"))
    .map(({ kernel, engine }) => `${kernel} by ${engine}`);
  const right = kernels.length - failed.length;
  return [`${right} of ${plural(kernels.length, "kernel")} right`, ...failed, ...elsewhere].join("; ");
}
