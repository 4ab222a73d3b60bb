/**
 * What the other observers say of a process that is silent here, read from their own beats. Pure.
 *
 * Observers of one site sit behind the same lines: what one of them cannot hear the others cannot, and that is one word, not
 * several. Counted one by one, a site that lost one direction of one line outvoted the site between. So each site has one word,
 * that of most of its observers, this one among them; where they are equal it has none. The majority of the sites decides; a tie
 * is a dispute.
 */
import { heartbeatEveryMs } from "./heartbeat.ts";
import type { Liveness, NodeLiveness } from "./liveness.ts";

export type SecondOpinion = "agrees" | "disagrees" | "unknown";

/** @param suspect its key, `site/node`. */
export function secondOpinion({ nodes, own }: Liveness, suspect: string, nowMs: number): SecondOpinion {
  /** By site: how many observers do not hear it, less those that do. Without a name this one is a site of its own. */
  const words = new Map([[own?.split("/")[0] ?? "", 1]]);
  let isAlone = true;
  for (const [key, observer] of nodes) {
    if (key === own || key === suspect || !hasWord(observer, nowMs)) continue;
    const { site, suspects } = observer.beat;
    words.set(site, (words.get(site) ?? 0) + (suspects!.includes(suspect) ? 1 : -1));
    isAlone = false;
  }
  if (isAlone) return "unknown";
  const silentSites = [...words.values()].reduce((sum, word) => sum + Math.sign(word), 0);
  return silentSites > 0 ? "agrees" : "disagrees";
}

/** Two beats: what was said before may have died with its speaker. */
const freshMs = 2 * heartbeatEveryMs;

/** A late main loop has not looked for as long as it is late: its word is old. */
const hasWord = ({ status, beat, lastBeatMs }: NodeLiveness, nowMs: number): boolean =>
  status === "alive" &&
  beat.suspects !== null &&
  beat.loopLagMs < heartbeatEveryMs &&
  nowMs - lastBeatMs <= freshMs;
