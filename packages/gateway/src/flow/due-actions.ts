/**
 * From what is open, who is alive and the time: what to do now and when to look again. Pure, and idempotent in its effects:
 * doing one of these twice, or at two sites at once, changes nothing.
 */
import { deliveryIdOf, type DeliveryId, type JobId, type StudyId } from "@releve/domain/ids";
import type { LostSince } from "../sites/lost-sites.ts";
import { turnAtMs, type SiteView } from "../sites/turns.ts";
import { settlesAtMs, type SettlePolicy } from "../study/settle-policy.ts";
import type { Work } from "./work.ts";

export type Action =
  /** `home` is another site that the study is settled for: its objects may be far away, or out of reach. */
  | { readonly kind: "settle"; readonly study: StudyId; readonly home?: string }
  | { readonly kind: "rule"; readonly study: StudyId; readonly home?: string }
  | { readonly kind: "request-delivery"; readonly job: JobId; readonly destination: string }
  | { readonly kind: "send"; readonly delivery: DeliveryId; readonly destination: string };

export type FlowPolicy = {
  readonly site: string;
  readonly settle: SettlePolicy;
  /** A name means the same PACS at every site; a site that cannot reach one does not list it. */
  readonly destinations: readonly string[];
};

/** `nextAtMs`: when something that only time brings about is due; undefined when only events can. */
export type Due = { readonly actions: readonly Action[]; readonly nextAtMs: number | undefined };

/** A home that beats but has not settled or ruled its study for this long is helped. Sends are left to it: they may take hours. */
const patience = { patienceMs: 60_000 };

export function dueActions(work: Work, policy: FlowPolicy, nowMs: number, lostSinceMs: LostSince): Due {
  const sites = { members: work.members, lostSinceMs };
  const timed = [
    ...studyActions(work, policy, sites),
    ...deliveryRequests(work, policy, sites),
    ...sendActions(work, policy, sites),
  ];
  const actions = timed.filter(({ atMs }) => atMs <= nowMs).map(({ action }) => action);
  const later = timed.map(({ atMs }) => atMs).filter((atMs) => atMs > nowMs && atMs < Infinity);
  return { actions, nextAtMs: later.length > 0 ? later.reduce((a, b) => Math.min(a, b)) : undefined };
}

type Timed = { readonly atMs: number; readonly action: Action };

function studyActions({ studies }: Work, policy: FlowPolicy, sites: SiteView): Timed[] {
  return [...studies].map(([study, state]): Timed => {
    const settlesAt = settlesAtMs(policy.settle, state.openedAtMs, state.lastReceivedAtMs);
    const dueAtMs = state.status === "settled" ? state.lastReceivedAtMs : settlesAt;
    const atMs = turnAtMs(policy.site, study, state.sites, dueAtMs, sites, patience);
    const [first] = state.sites;
    const home = state.sites.has(policy.site) || first === undefined ? {} : { home: first };
    return { atMs, action: { kind: state.status === "settled" ? "rule" : "settle", study, ...home } };
  });
}

/** For another site's job only where that site has used the destination: its results go where it sends them, nowhere else. */
function deliveryRequests(work: Work, policy: FlowPolicy, sites: SiteView): Timed[] {
  return [...work.completed].flatMap(([job, { site: home }]) => {
    const atMs = turnAtMs(policy.site, job, [home], 0, sites);
    const known = work.destinations.get(home);
    return policy.destinations
      .filter((destination) => home === policy.site || known?.has(destination))
      .filter((destination) => !work.requested.has(deliveryIdOf(job, destination)))
      .map((destination) => ({ atMs, action: { kind: "request-delivery", job, destination } }));
  });
}

/** A destination that is no longer configured keeps its deliveries pending: shown, and sent once it is back. */
function sendActions({ deliveries }: Work, policy: FlowPolicy, sites: SiteView): Timed[] {
  return [...deliveries]
    .filter(([, { destination }]) => policy.destinations.includes(destination))
    .map(([delivery, { site, destination, nextAtMs }]) => ({
      atMs: turnAtMs(policy.site, delivery, [site], nextAtMs, sites),
      action: { kind: "send", delivery, destination },
    }));
}

/** Names the stream that the action writes: one action of a key runs at a time, and a commit of the stream lifts its hold. */
export function keyOf(action: Action): string {
  switch (action.kind) {
    case "settle":
    case "rule":
      return `study ${action.study}`;
    case "request-delivery":
      return `delivery ${deliveryIdOf(action.job, action.destination)}`;
    case "send":
      return `delivery ${action.delivery}`;
  }
}

/** The streams that the action reads: one that cannot be read here is left to a gateway that can. */
export function streamsOf(action: Action): readonly string[] {
  return action.kind === "request-delivery" ? [keyOf(action), `job ${action.job}`] : [keyOf(action)];
}

/** What may hold up what: a PACS that hangs takes up its own lane only, and so do studies whose objects are out of reach. */
export function laneOf(action: Action): string {
  switch (action.kind) {
    case "settle":
    case "rule":
      return action.home === undefined ? "own studies" : `studies of ${action.home}`;
    case "request-delivery":
      return "requests";
    case "send":
      return `send to ${action.destination}`;
  }
}
