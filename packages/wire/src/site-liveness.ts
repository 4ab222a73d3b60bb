/** Whole sites, from the liveness of their processes. Pure. */
import type { Liveness } from "./liveness.ts";

/** A whole site: lost when none of its processes is heard any more, since the last of them fell silent. */
export type SiteLiveness = {
  readonly status: "alive" | "lost";
  /** How long nothing was heard of the site. */
  readonly silentMs: number;
};

/** Every site of which a process was ever heard (and not forgotten since). */
export function sitesOf({ nodes }: Liveness, nowMs: number): ReadonlyMap<string, SiteLiveness> {
  const sites = new Map<string, SiteLiveness>();
  for (const { status, lastBeatMs, beat } of nodes.values()) {
    const before = sites.get(beat.site);
    const silentMs = Math.min(before?.silentMs ?? Number.POSITIVE_INFINITY, nowMs - lastBeatMs);
    const isLost = status === "lost" && before?.status !== "alive";
    sites.set(beat.site, { status: isLost ? "lost" : "alive", silentMs });
  }
  return sites;
}
