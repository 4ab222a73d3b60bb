/** A delivery as a list shows it, from its stream's events. */
import type { EventEnvelope } from "../envelope.ts";
import type { DeliveryEvent } from "../events/delivery.ts";

export type DeliveryView = {
  readonly delivery: string;
  readonly job: string;
  readonly study: string;
  readonly destination: string;
  /** Whose gateway sends it. */
  readonly site: string;
  readonly status: "pending" | "delivered" | "stopped";
  readonly attempts: number;
  /** What the destination confirmed, or why the last try failed. */
  readonly detail?: string;
  readonly nextAtMs?: number;
};

/** @param events of one delivery stream, oldest first. */
export function deliveryView(events: readonly EventEnvelope[]): DeliveryView | undefined {
  let view: DeliveryView | undefined;
  for (const envelope of events) view = nextDeliveryView(view, envelope);
  return view;
}

/** One event further. */
export function nextDeliveryView(
  view: DeliveryView | undefined,
  envelope: EventEnvelope,
): DeliveryView | undefined {
  const event = envelope.event as DeliveryEvent;
  if (event.type === "DeliveryRequested") {
    const { delivery, job, study, destination, site } = event;
    return { delivery, job, study, destination, site, status: "pending", attempts: 0 };
  }
  if (!view) return undefined;
  const { nextAtMs: _, ...rest } = view;
  if (event.type === "DeliveryRetried")
    return { ...rest, status: "pending", attempts: 0, detail: event.reason };
  const attempts = event.attempt;
  if (event.type === "Delivered") return { ...rest, status: "delivered", attempts, detail: event.receipt };
  if (event.nextAtMs === null) return { ...rest, status: "stopped", attempts, detail: event.reason };
  return { ...rest, status: "pending", attempts, detail: event.reason, nextAtMs: event.nextAtMs };
}
