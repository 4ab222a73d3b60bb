/**
 * Whose turn it is, without a leader. Each piece of work has an order of sites: its home first, then the others by
 * rendezvous, so that a lost site's work spreads over those that are left. A site acts when every site before it is lost, or
 * when one that beats has let the work lie for too long. Pure, from this site's own clock alone: two sites may both think it
 * is theirs, and every action is such that this harms nobody.
 */
import { createHash } from "node:crypto";
import type { LostSince } from "./lost-sites.ts";

export type SiteView = {
  /** Every site that joined and has not left. */
  readonly members: Iterable<string>;
  /** Since when, by our clock, a site counts as lost; absent: it is alive. */
  readonly lostSinceMs: LostSince;
};

/** How long a site that is alive may let its work lie before the next one does it. */
export type Patience = { readonly patienceMs: number };

/**
 * @param homes those who go first, in their order. @param key names the work, so that each has its own order of the others.
 * @returns from when on `own` may act on what is due at `dueAtMs`; Infinity: others do it.
 */
export function turnAtMs(
  own: string,
  key: string,
  homes: Iterable<string>,
  dueAtMs: number,
  sites: SiteView,
  { patienceMs }: Patience = { patienceMs: Infinity },
): number {
  const [home] = homes;
  if (home === own) return dueAtMs;
  // Most work is another site's that lives, and is looked at often: that is told without ranking anybody.
  if (patienceMs === Infinity && home !== undefined && !sites.lostSinceMs.has(home)) return Infinity;
  const order = siteOrder(key, homes, sites.members);
  const rank = order.indexOf(own);
  const before = rank < 0 ? order : order.slice(0, rank);
  const lost = before.map((site) => sites.lostSinceMs.get(site));
  const alive = lost.filter((since) => since === undefined).length;
  if (alive > 0) return dueAtMs + patienceMs * alive;
  return Math.max(dueAtMs, ...lost.map((since) => since ?? 0));
}

/** The homes as they come, then the other members, highest weight first. */
export function siteOrder(
  key: string,
  homes: Iterable<string>,
  members: Iterable<string>,
): readonly string[] {
  const first = [...new Set(homes)];
  const others = [...new Set(members)].filter((site) => !first.includes(site));
  const weighed = others.map((site) => ({ site, weight: weightOf(key, site) }));
  weighed.sort((a, b) => (a.weight < b.weight ? 1 : -1));
  return [...first, ...weighed.map(({ site }) => site)];
}

const weightOf = (key: string, site: string): string =>
  createHash("sha256").update(`${key} ${site}`).digest("hex");
