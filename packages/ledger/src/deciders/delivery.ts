/**
 * One job's result to one destination:
 *
 *   none --request--> pending --deliver--> delivered
 *                     |  ^ fail: next try with back-off
 *                     +--(final, or the last try)--> stopped --deliver--> delivered
 *                     ^---------------- retry ---------'
 *
 * It has its own stream, so that a PACS that is down leaves the job completed.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { DeliveryEvent } from "../events/delivery.ts";

// ---- State

export type DeliveryRequest = Omit<Extract<DeliveryEvent, { type: "DeliveryRequested" }>, "type">;
type Asked = { readonly request: DeliveryRequest; readonly attempts: number };

export type DeliveryState =
  | { readonly status: "none" }
  /** `nextAtMs`: when to try next, milliseconds since the epoch; 0: at once. */
  | ({ readonly status: "pending"; readonly nextAtMs: number } & Asked)
  | ({ readonly status: "stopped"; readonly code: string; readonly reason: string } & Asked)
  | ({ readonly status: "delivered"; readonly receipt: string } & Asked);

/** About a week of tries at the longest pause: a PACS may be down over a long weekend. */
export const deliveryAttemptsMax = 2000;

// ---- Commands. `attempt` is the number of the try that ended, `attempts + 1` of the state it started from.

export type DeliveryCommand =
  | { readonly type: "request"; readonly request: DeliveryRequest }
  | {
      readonly type: "fail";
      readonly attempt: number;
      readonly code: string;
      readonly reason: string;
      readonly nowMs: number;
      /** True when trying again cannot help, such as an object that the destination will never take. */
      readonly final: boolean;
    }
  | { readonly type: "deliver"; readonly attempt: number; readonly receipt: string }
  | { readonly type: "retry"; readonly reason: string };

// ---- Decide

export function decideDelivery(
  command: DeliveryCommand,
  state: DeliveryState,
): readonly DeliveryEvent[] | Refusal {
  if (command.type === "request")
    return state.status === "none" ? [{ type: "DeliveryRequested", ...command.request }] : [];
  if (state.status === "none") return refusal("DELIVERY_UNKNOWN", "No such delivery was requested.");
  switch (command.type) {
    case "fail":
      return fail(command, state);
    case "deliver":
      return deliver(command, state);
    case "retry":
      if (state.status !== "stopped") return [];
      return [{ type: "DeliveryRetried", delivery: state.request.delivery, reason: command.reason }];
  }
}

type Known = Exclude<DeliveryState, { status: "none" }>;
type Of<Type extends DeliveryCommand["type"]> = Extract<DeliveryCommand, { type: Type }>;

function fail(command: Of<"fail">, state: Known): readonly DeliveryEvent[] | Refusal {
  if (state.status !== "pending" || command.attempt <= state.attempts) return [];
  const { attempt, code, reason, nowMs } = command;
  if (attempt !== state.attempts + 1)
    return refusal("WRONG_ATTEMPT", `The next attempt is ${state.attempts + 1}.`);
  const stop = command.final || attempt >= deliveryAttemptsMax;
  const nextAtMs = stop ? null : nowMs + backOffMs(attempt);
  const { delivery } = state.request;
  return [{ type: "DeliveryFailed", delivery, attempt, code, reason, nextAtMs }];
}

/** A receipt is a fact whichever attempt brought it: it is recorded from every state but `delivered`. */
function deliver(command: Of<"deliver">, state: Known): readonly DeliveryEvent[] {
  if (state.status === "delivered") return [];
  const { attempt, receipt } = command;
  return [{ type: "Delivered", delivery: state.request.delivery, attempt, receipt }];
}

const firstPauseMs = 1_000;
const longestPauseMs = 300_000;

/** The pause after failed try number `attempt` (from 1): 1 s, doubling, at most 5 min. */
export function backOffMs(attempt: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveDelivery(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  if (event.type === "DeliveryRequested") {
    const { type: _, ...request } = event;
    return { status: "pending", request, attempts: 0, nextAtMs: 0 };
  }
  if (state.status === "none") throw new Error(`${event.type} before DeliveryRequested`);
  if (event.type === "DeliveryRetried")
    return { status: "pending", request: state.request, attempts: 0, nextAtMs: 0 };
  const asked = { request: state.request, attempts: event.attempt };
  switch (event.type) {
    case "DeliveryFailed":
      return event.nextAtMs === null
        ? { status: "stopped", ...asked, code: event.code, reason: event.reason }
        : { status: "pending", ...asked, nextAtMs: event.nextAtMs };
    case "Delivered":
      return { status: "delivered", ...asked, receipt: event.receipt };
  }
}

export const deliveryDecider: Decider<DeliveryState, DeliveryCommand, DeliveryEvent> = {
  kind: "delivery",
  initial: { status: "none" },
  decide: decideDelivery,
  evolve: evolveDelivery,
};
