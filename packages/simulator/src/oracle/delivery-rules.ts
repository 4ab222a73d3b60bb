/** What may follow what in a delivery's and in a node's stream, and what may be said of the PACS. */
import type { RawCommit, RawEvent } from "./raw-commit.ts";

export type DeliveryRecord = {
  status: "none" | "pending" | "stopped" | "delivered";
  attempts: number;
  objects: readonly string[];
};
export const newDeliveryRecord = (): DeliveryRecord => ({ status: "none", attempts: 0, objects: [] });

export type DeliveryRuleDeps = {
  readonly violated: (what: string) => void;
  /** What the job's completion names, if it is completed. */
  readonly outputsOf: (job: string) => readonly string[] | undefined;
  readonly isAtPacs: (digest: string) => boolean;
};

export function followDelivery(delivery: DeliveryRecord, commit: RawCommit, deps: DeliveryRuleDeps): void {
  const say = (what: string) => deps.violated(`delivery ${commit.id} at ${commit.seq}: ${what}`);
  for (const event of commit.events) {
    if (!(allowed[event.type] ?? []).includes(delivery.status))
      say(`${event.type} of one that is ${delivery.status}`);
    if (event.type === "DeliveryRequested") judgeRequest(event, say, deps);
    if (event.type === "DeliveryFailed" && event["attempt"] !== delivery.attempts + 1)
      say(`try ${String(event["attempt"])} after ${delivery.attempts}`);
    if (event.type === "Delivered" && !delivery.objects.every(deps.isAtPacs))
      say("recorded, but not at the PACS");
    apply(delivery, event);
  }
}

const allowed: Readonly<Record<string, readonly DeliveryRecord["status"][]>> = {
  DeliveryRequested: ["none"],
  DeliveryFailed: ["pending"],
  Delivered: ["pending", "stopped"],
  DeliveryRetried: ["stopped"],
};

const digestsOf = (event: RawEvent): string[] =>
  (event["objects"] as readonly { digest: string }[]).map(({ digest }) => digest);

function judgeRequest(event: RawEvent, say: (what: string) => void, deps: DeliveryRuleDeps): void {
  const named = deps.outputsOf(event["job"] as string);
  if (!named) return say("requested for a job that is not completed");
  if (named.join() !== digestsOf(event).join()) say("of other objects than the completion names");
}

function apply(delivery: DeliveryRecord, event: RawEvent): void {
  if (event.type === "DeliveryRequested") {
    delivery.objects = digestsOf(event);
    delivery.status = "pending";
  } else if (event.type === "DeliveryFailed") {
    delivery.attempts = event["attempt"] as number;
    delivery.status = event["nextAtMs"] === null ? "stopped" : "pending";
  } else if (event.type === "Delivered") delivery.status = "delivered";
  else if (event.type === "DeliveryRetried") {
    delivery.attempts = 0;
    delivery.status = "pending";
  }
}
