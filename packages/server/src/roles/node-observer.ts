/** Tells a reconstruction node's loop what the heartbeats say of the others: who is lost, and who is heard again. */
import type { NodeId, SiteId } from "@releve/domain/ids";
import type { NodeLoop } from "@releve/recon/node-loop";
import type { LivenessChange } from "@releve/wire/liveness";
import type { RoleLog } from "./log.ts";

export function tellLoop(loop: NodeLoop, change: LivenessChange, log: RoleLog): void {
  if (change.kind !== "recon") return;
  const { to, from, incarnation, silentMs } = change;
  const node = { node: change.node as NodeId, site: change.site as SiteId, incarnation };
  if (from === "lost") loop.nodeReturned(node);
  if (to !== "lost") return;
  log("node lost", { node: change.node, silentMs });
  void loop.nodeLost(node, silentMs);
}
