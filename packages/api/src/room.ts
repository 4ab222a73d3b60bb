/**
 * How much work the cluster has, and whether a study waits because it is full. The gateway holds its rule back and says nothing in
 * the ledger, which would be an event for each look; the same rule of admission over the read model and the heartbeats tells it
 * here. Pure.
 */
import { isRefusal } from "@releve/domain/refusal";
import { admit, type ClusterLoad } from "@releve/ledger/dispatch/admission";
import { endsMax, msPerJob } from "@releve/ledger/dispatch/load-meter";
import type { ModelQueries } from "@releve/ledger/read-models/model-queries";
import type { LiveNode } from "./api-context.ts";

/** `forecastMs`: until a slot is free for one more job; null: not to be said. */
export type WaitForRoom = { readonly forecastMs: number | null };

type Asked = Pick<ModelQueries, "counts" | "views">;

/** @param nodes as the heartbeats tell. */
export function clusterLoad(
  { counts, views }: Asked,
  nodes: readonly LiveNode[],
  nowMs: number,
): ClusterLoad {
  const { waiting = 0, running = 0 } = counts("job");
  const ends = views("job", { status: "completed", limit: endsMax }).flatMap(
    ({ endedAtMs }) => endedAtMs ?? [],
  );
  return {
    nodes: nodes.filter(({ status, draining }) => status !== "lost" && !draining).map(capacityOf),
    waiting,
    running,
    msPerJob: msPerJob(
      ends.toSorted((a, b) => a - b),
      nowMs,
    ),
  };
}

const capacityOf = ({ slots, memoryBytes = null }: LiveNode) => ({ slots, memoryBytes });

/**
 * @param nodes as the heartbeats tell.
 * @returns null where the cluster takes the jobs that a rule asks for: then a settled study is ruled in a moment. What is too big
 * for any node is refused by the rule, and waits for nothing.
 */
export function waitForRoom(queries: Asked, nodes: readonly LiveNode[], nowMs: number): WaitForRoom | null {
  const load = clusterLoad(queries, nodes, nowMs);
  const admission = admit(load, { needBytes: 0, priority: "routine" });
  return isRefusal(admission) ? { forecastMs: admission.forecastMs } : null;
}
