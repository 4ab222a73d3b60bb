/**
 * Whether a study waits because the cluster is full. The gateway holds its rule back and says nothing in the ledger, which would
 * be an event for each look; the same rule of admission over the read model and the heartbeats tells it here. Pure.
 */
import { isRefusal } from "@releve/domain/refusal";
import { admit } from "@releve/ledger/dispatch/admission";
import { endsMax, msPerJob } from "@releve/ledger/dispatch/load-meter";
import type { ModelQueries } from "@releve/ledger/read-models/model-queries";
import type { LiveNode } from "./api-context.ts";

/** `forecastMs`: until a slot is free for one more job; null: not to be said. */
export type WaitForRoom = { readonly forecastMs: number | null };

/**
 * @param nodes as the heartbeats tell.
 * @returns null where the cluster takes the jobs that a rule asks for: then a settled study is ruled in a moment.
 */
export function waitForRoom(
  { counts, views }: Pick<ModelQueries, "counts" | "views">,
  nodes: readonly LiveNode[],
  nowMs: number,
): WaitForRoom | null {
  const { waiting = 0, running = 0 } = counts("job");
  const ends = views("job", { status: "completed", limit: endsMax }).flatMap(
    ({ endedAtMs }) => endedAtMs ?? [],
  );
  const load = {
    nodes: nodes.filter(({ status, draining }) => status !== "lost" && !draining).map(capacityOf),
    waiting,
    running,
    msPerJob: msPerJob(
      ends.toSorted((a, b) => a - b),
      nowMs,
    ),
  };
  const admission = admit(load, { needBytes: 0, priority: "routine" });
  return isRefusal(admission) ? { forecastMs: admission.forecastMs } : null;
}

/** What is too big for any node is refused by the rule, and waits for nothing. */
const capacityOf = ({ slots }: LiveNode) => ({ slots, memoryBytes: null });
