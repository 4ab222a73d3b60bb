/** When an observer may trust its own ears: what it did not hear while they were bad says nothing of the others. Pure. */
import { livenessLimits, type Liveness, type LivenessLimits } from "./liveness.ts";

/** The observer's own connection was made again: what it did not hear meanwhile says nothing. */
export const reconnected = (liveness: Liveness, nowMs: number): Liveness => ({
  ...liveness,
  trustedSinceMs: nowMs,
});

/** The server answered: whatever was sent to it before has been delivered here, so silence is the others' silence. */
export const answered = (liveness: Liveness, nowMs: number): Liveness => ({
  ...liveness,
  ...trustAfterDeafness(liveness, nowMs, livenessLimits),
});

/**
 * Nothing at all came, neither a beat (one's own included) nor the server's answer to ten questions a second: the ears are
 * bad. Half of what makes a suspect, or who was heard a little earlier than the others would be lost on the way into deafness.
 */
export const isDeaf = ({ lastHeardMs }: Liveness, nowMs: number, { suspectMs }: LivenessLimits): boolean =>
  nowMs - lastHeardMs >= suspectMs / 2;

/** Nobody was heard for long and now somebody is: the others' beats were lost on the same way. */
export function trustAfterDeafness(liveness: Liveness, nowMs: number, limits: LivenessLimits) {
  const wasDeaf = nowMs - liveness.lastHeardMs >= limits.suspectMs;
  return { lastHeardMs: nowMs, trustedSinceMs: wasDeaf ? nowMs : liveness.trustedSinceMs };
}
