/** From what is open and the time, what to do now and when to look again. Pure, and idempotent in its effects: doing one of these twice changes nothing. */
import { deliveryIdOf, type DeliveryId, type JobId, type StudyId } from "@releve/domain/ids";
import { settlesAtMs, type SettlePolicy } from "../study/settle-policy.ts";
import type { Work } from "./work.ts";

export type Action =
  | { readonly kind: "settle"; readonly study: StudyId }
  | { readonly kind: "rule"; readonly study: StudyId }
  | { readonly kind: "request-delivery"; readonly job: JobId; readonly destination: string }
  | { readonly kind: "send"; readonly delivery: DeliveryId };

export type FlowPolicy = {
  readonly site: string;
  readonly settle: SettlePolicy;
  readonly destinations: readonly string[];
};

/** `nextAtMs`: when something that only time brings about is due; undefined when only events can. */
export type Due = { readonly actions: readonly Action[]; readonly nextAtMs: number | undefined };

export function dueActions(work: Work, policy: FlowPolicy, nowMs: number): Due {
  const timed = [...studyActions(work, policy), ...sendActions(work, policy)];
  const actions = timed.filter(({ atMs }) => atMs <= nowMs).map(({ action }) => action);
  const later = timed.map(({ atMs }) => atMs).filter((atMs) => atMs > nowMs);
  return {
    actions: [...actions, ...deliveryRequests(work, policy)],
    nextAtMs: later.length > 0 ? Math.min(...later) : undefined,
  };
}

type Timed = { readonly atMs: number; readonly action: Action };

function studyActions({ studies }: Work, policy: FlowPolicy): Timed[] {
  return [...studies].flatMap(([study, state]): Timed[] => {
    if (!state.sites.has(policy.site) || state.status === "ruled") return [];
    if (state.status === "settled") return [{ atMs: 0, action: { kind: "rule", study } }];
    const atMs = settlesAtMs(policy.settle, state.openedAtMs, state.lastReceivedAtMs);
    return [{ atMs, action: { kind: "settle", study } }];
  });
}

function deliveryRequests({ completed, requested }: Work, { site, destinations }: FlowPolicy): Action[] {
  return [...completed]
    .filter(([, home]) => home.site === site)
    .flatMap(([job]) => destinations.map((destination) => ({ job, destination })))
    .filter(({ job, destination }) => !requested.has(deliveryIdOf(job, destination)))
    .map((wanted) => ({ kind: "request-delivery", ...wanted }));
}

/** A destination that is no longer configured keeps its deliveries pending: shown, and sent once it is back. */
function sendActions({ deliveries }: Work, { site, destinations }: FlowPolicy): Timed[] {
  return [...deliveries]
    .filter(([, delivery]) => delivery.site === site && destinations.includes(delivery.destination))
    .map(([delivery, { nextAtMs }]) => ({ atMs: nextAtMs, action: { kind: "send", delivery } }));
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
