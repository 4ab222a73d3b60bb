/** The sites as a person looks at them: what the ledger says of each, and how many of its nodes are heard now. Pure. */
import type { NodeView } from "@releve/ledger/views/node-view";
import type { SiteView } from "@releve/ledger/views/site-view";
import type { LiveNode, Place } from "./api-context.ts";

export type SiteRow = {
  readonly site: string;
  /** Null where this site does not know the other's. */
  readonly address: string | null;
  readonly status: SiteView["status"] | "unknown";
  readonly mode: SiteView["mode"] | null;
  readonly safety: SiteView["safety"] | null;
  readonly sinceMs: number | null;
  readonly lostBy: string | null;
  readonly nodesHeard: number;
  readonly slots: number;
  readonly busy: number;
};

/** A site that never said that it joined is shown as well, when a node of it did or is heard. */
export function siteRows(
  /** Undefined where nobody is at home, such as at a command's terminal. */
  place: Place | undefined,
  joined: readonly SiteView[],
  nodes: readonly NodeView[],
  live: readonly LiveNode[],
): SiteRow[] {
  const names = new Set([...joined, ...nodes, ...live, ...(place ? [place] : [])].map(({ site }) => site));
  return [...names].toSorted().map((site) => ({
    site,
    address: site === place?.site ? place.address : null,
    ...recorded(joined.find((view) => view.site === site)),
    ...heardNow(live.filter((node) => node.site === site && node.status !== "lost")),
  }));
}

function recorded(view: SiteView | undefined) {
  if (!view) return { status: "unknown", mode: null, safety: null, sinceMs: null, lostBy: null } as const;
  const { status, mode, safety, sinceMs, lostBy = null } = view;
  return { status, mode, safety, sinceMs, lostBy };
}

const heardNow = (nodes: readonly LiveNode[]) => ({
  nodesHeard: nodes.length,
  slots: nodes.reduce((sum, { slots }) => sum + slots, 0),
  busy: nodes.reduce((sum, { busy }) => sum + busy, 0),
});
