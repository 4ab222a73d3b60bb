/** From the gateways that are heard to the sites whose work others take. Pure. */

export type HeardProcess = {
  readonly site: string;
  readonly kind: string;
  readonly isLost: boolean;
  /** When it came into its present state, by this process's clock. */
  readonly sinceMs: number;
};

/** Since when each lost site is lost; `get` of one that is alive is undefined. */
export type LostSince = {
  readonly get: (site: string) => number | undefined;
  readonly has: (site: string) => boolean;
};

/** A gateway that has just started hears its neighbours within a second; one that it never heard is lost after this long. */
export const unheardMs = 10_000;

/**
 * A site is lost to its work when its gateway is: nodes that still beat there deliver nothing.
 * @param startedMs since when this process listens.
 */
export function lostSites(
  own: string,
  processes: Iterable<HeardProcess>,
  startedMs: number,
  nowMs: number,
): LostSince {
  const gateways = new Map<string, HeardProcess>();
  for (const heard of processes) {
    const known = gateways.get(heard.site);
    if (heard.kind === "gateway" && (!known || known.isLost)) gateways.set(heard.site, heard);
  }
  const get = (site: string): number | undefined => {
    if (site === own) return undefined;
    const heard = gateways.get(site);
    if (heard) return heard.isLost ? heard.sinceMs : undefined;
    return nowMs - startedMs >= unheardMs ? startedMs + unheardMs : undefined;
  };
  return { get, has: (site) => get(site) !== undefined };
}
