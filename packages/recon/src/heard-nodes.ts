/** What a reconstruction node makes of the heartbeats: whom it reckons with, and whom it finds gone without a word. Pure. */
import type { NodeId, SiteId } from "@releve/domain/ids";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import { processKey } from "@releve/wire/heartbeat";
import type { Liveness } from "@releve/wire/liveness";
import { secondOpinion } from "@releve/wire/second-opinion";

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

/** Longer than a dispute between observers lasts. */
export const unheardMs = 15_000;
/** Own beats come back at once; a server that is changed takes them away for a moment. */
const muteMs = 3_000;

/** Whether the node's own beats come back: they go out by one connection and come in by another. */
export function hearsItself({ nodes, own }: Liveness, nowMs: number): boolean {
  const lastBeatMs = own === null ? undefined : nodes.get(own)?.lastBeatMs;
  return lastBeatMs !== undefined && nowMs - lastBeatMs < muteMs;
}

/** Whether the others say that they hear this very start, whatever is heard here. */
export function isHeardElsewhere(liveness: Liveness, start: Incarnation, nowMs: number): boolean {
  const key = processKey(start);
  const known = liveness.nodes.get(key)?.beat.incarnation === start.incarnation;
  return known && secondOpinion(liveness, key, nowMs) === "disagrees";
}

/**
 * Those of the starts that hold jobs which are never heard: they died while nobody observed (a power cut that took everybody),
 * or after an observer had given them up once. Without this their jobs would stay with them for ever.
 */
export function unheard(
  holders: readonly Incarnation[],
  liveness: Liveness,
  nowMs: number,
): readonly Incarnation[] {
  if (nowMs - liveness.trustedSinceMs < unheardMs) return [];
  return holders.filter((holder) => {
    const key = processKey(holder);
    const heard = liveness.nodes.get(key);
    if (!heard || heard.beat.incarnation !== holder.incarnation) return true;
    const isSilent = heard.status === "lost" && nowMs - heard.lastBeatMs >= unheardMs;
    return isSilent && secondOpinion(liveness, key, nowMs) !== "disagrees";
  });
}
