/**
 * What the other observers say of a process that is silent here, read from their own beats. Pure.
 *
 * More observers than one may speak, and in a partition they differ: those on this side agree, those who sit between the
 * two sides still hear the process. The majority of the words decides, this observer's own among them; a tie is a dispute.
 */
import { heartbeatEveryMs } from "./heartbeat.ts";
import type { Liveness, NodeLiveness } from "./liveness.ts";

export type SecondOpinion = "agrees" | "disagrees" | "unknown";

/** @param suspect its key, `site/node`. */
export function secondOpinion({ nodes, own }: Liveness, suspect: string, nowMs: number): SecondOpinion {
  let silent = 0;
  let heard = 0;
  for (const [key, observer] of nodes) {
    if (key === own || key === suspect || !hasWord(observer, nowMs)) continue;
    if (observer.beat.suspects!.includes(suspect)) silent += 1;
    else heard += 1;
  }
  if (silent > 0 && silent + 1 > heard) return "agrees";
  return heard > 0 ? "disagrees" : "unknown";
}

/** Two beats: what was said before may have died with its speaker. */
const freshMs = 2 * heartbeatEveryMs;

/** A late main loop has not looked for as long as it is late: its word is old. */
const hasWord = ({ status, beat, lastBeatMs }: NodeLiveness, nowMs: number): boolean =>
  status === "alive" &&
  beat.suspects !== null &&
  beat.loopLagMs < heartbeatEveryMs &&
  nowMs - lastBeatMs <= freshMs;
