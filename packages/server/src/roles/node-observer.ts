/** What a reconstruction node makes of the heartbeats: whom it reckons with, and whom it tells its loop to be lost. */
import type { NodeId, SiteId } from "@releve/domain/ids";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { NodeLoop } from "@releve/recon/node-loop";
import type { Liveness, LivenessChange } from "@releve/wire/liveness";
import type { RoleLog } from "./log.ts";

export function aliveNodes({ nodes }: Liveness): readonly NodeWithSlots[] {
  return [...nodes.values()]
    .filter(({ status, beat }) => beat.kind === "recon" && (status === "alive" || status === "lagging"))
    .map(({ beat }) => ({
      node: beat.node as NodeId,
      site: beat.site as SiteId,
      freeSlots: beat.draining ? 0 : beat.slots - beat.busy,
      memoryBytes: beat.memoryBytes,
      engine: beat.engine,
    }));
}

export function tellLoop(loop: NodeLoop, change: LivenessChange, log: RoleLog): void {
  if (change.kind !== "recon") return;
  const { to, from, incarnation, silentMs } = change;
  const node = { node: change.node as NodeId, site: change.site as SiteId, incarnation };
  if (from === "lost") loop.nodeReturned(node);
  if (to !== "lost") return;
  log("node lost", { node: change.node, silentMs });
  void loop.nodeLost(node, silentMs);
}
