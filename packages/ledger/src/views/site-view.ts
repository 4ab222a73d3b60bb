/** A site as the ledger has it. */
import type { EventEnvelope } from "../envelope.ts";
import type { SafetyPolicy, SiteEvent, SiteMode } from "../events/site.ts";

export type SiteView = {
  readonly site: string;
  readonly mode: SiteMode;
  readonly safety: SafetyPolicy;
  /** `returned`: it was lost, and is alive again. */
  readonly status: "alive" | "lost" | "returned" | "left";
  readonly sinceMs: number;
  /** The site that noticed the loss, and how long the silence had been. */
  readonly lostBy?: string;
  readonly silentMs?: number;
};

/** One event further; undefined where a stream begins with something else than a join. */
export function nextSiteView(view: SiteView | undefined, envelope: EventEnvelope): SiteView | undefined {
  const event = envelope.event as SiteEvent;
  const sinceMs = envelope.context.atMs;
  if (event.type === "SiteJoined") {
    const { site, mode, safety } = event;
    return { site, mode, safety, status: "alive", sinceMs };
  }
  if (!view) return undefined;
  const { lostBy: _, silentMs: __, ...rest } = view;
  switch (event.type) {
    case "SiteLost":
      return { ...rest, status: "lost", sinceMs, lostBy: event.by, silentMs: event.silentMs };
    case "SiteReturned":
      return { ...rest, status: "returned", sinceMs };
    case "SiteLeft":
      return { ...rest, status: "left", sinceMs };
  }
}
