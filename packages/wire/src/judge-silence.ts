/** What silence says of a process: suspect first, lost once that is confirmed; and whom an observer names to the others. Pure. */
import { suspectsMax } from "./heartbeat.ts";
import {
  changeOf,
  livenessLimits,
  type Judged,
  type Liveness,
  type LivenessChange,
  type LivenessLimits,
  type LivenessStatus,
  type NodeLiveness,
} from "./liveness.ts";
import { isDeaf } from "./own-ears.ts";
import { secondOpinion, type SecondOpinion } from "./second-opinion.ts";

/** Looks at the silences. To be called about every beat, also when nothing is heard. */
export function judge(liveness: Liveness, nowMs: number, limits: LivenessLimits = livenessLimits): Judged {
  const sinceJudgedMs = nowMs - liveness.lastJudgedMs;
  const paused = sinceJudgedMs >= limits.suspectMs;
  const judged = { ...liveness, lastJudgedMs: nowMs, ...(paused ? { trustedSinceMs: nowMs } : {}) };
  const deaf = isDeaf(liveness, nowMs, limits);
  // After a shorter stall the beats of meanwhile are still in the socket: they are read before the next look, which is
  // therefore not put off again, or an observer under load would never look.
  const putOff = liveness.lastLookedMs < liveness.lastJudgedMs;
  const stalled = paused || (sinceJudgedMs >= limits.suspectMs / 2 && !putOff);
  if (stalled || deaf) return { liveness: judged, changes: [] };
  return look(judged, nowMs, limits);
}

function look(liveness: Liveness, nowMs: number, limits: LivenessLimits): Judged {
  const nodes = new Map<string, NodeLiveness>();
  const changes: LivenessChange[] = [];
  for (const [key, before] of liveness.nodes) {
    if (before.status === "lost" && nowMs - before.lastBeatMs >= limits.forgetMs) continue;
    const opinion = () => secondOpinion(liveness, key, nowMs);
    const status =
      key === liveness.own
        ? before.status
        : statusOfSilence(before, liveness.trustedSinceMs, nowMs, opinion, limits);
    if (status !== before.status) changes.push(changeOf(before, status, nowMs));
    nodes.set(key, status === before.status ? before : { ...before, status, sinceMs: nowMs });
  }
  return { liveness: { ...liveness, nodes, lastLookedMs: nowMs }, changes };
}

function statusOfSilence(
  before: NodeLiveness,
  trustedSinceMs: number,
  nowMs: number,
  opinion: () => SecondOpinion,
  limits: LivenessLimits,
): LivenessStatus {
  const silentMs = nowMs - Math.max(before.lastBeatMs, trustedSinceMs);
  if (before.status === "lost" || silentMs < limits.suspectMs) return before.status;
  if (before.status !== "suspect") return "suspect";
  return silentMs >= confirmedAfterMs[opinion()](limits) ? "lost" : "suspect";
}

const confirmedAfterMs: Readonly<Record<SecondOpinion, (limits: LivenessLimits) => number>> = {
  agrees: ({ suspectMs }) => suspectMs,
  unknown: ({ suspectMs, confirmMs }) => suspectMs + confirmMs,
  disagrees: ({ disputeMs }) => disputeMs,
};

/**
 * Whom this observer finds silent, for its own beats; null while it has no word, because its ears are not to be trusted.
 * Sorted, so that the same word is the same list.
 */
export function suspectsOf(
  liveness: Liveness,
  nowMs: number,
  limits: LivenessLimits = livenessLimits,
): readonly string[] | null {
  const untrusted = nowMs - liveness.trustedSinceMs < limits.suspectMs || isDeaf(liveness, nowMs, limits);
  if (untrusted || nowMs - liveness.lastLookedMs >= limits.suspectMs / 2) return null;
  const silent = [...liveness.nodes].filter(
    ([, { status, lastBeatMs }]) =>
      status === "suspect" || (status === "lost" && nowMs - lastBeatMs >= limits.suspectMs),
  );
  return silent
    .toSorted(([, a], [, b]) => b.lastBeatMs - a.lastBeatMs)
    .slice(0, suspectsMax)
    .map(([key]) => key)
    .toSorted();
}
