/**
 * Who is alive, from heartbeats and one's own clock. Pure.
 *
 *   alive <--> lagging     beats come; the main loop behind them is late
 *     |           |
 *     v           v
 *   suspect  --------->  lost     no beat for 1 s, then confirmed
 *     any beat: alive again        a beat of another incarnation: the one before is lost at once
 *
 * Silence counts against a node only while the observer has reason to trust its own ears: not right after it reconnected, not
 * when it was itself paused, and not when nobody at all is heard: neither a beat nor the server's answer to a ping.
 * A suspect is lost by a second observer's word (second-opinion.ts). Being wrong costs a repeated computation, never a wrong result: the ledger's tokens see to that.
 */
import { processKey, suspectsMax, type Heartbeat } from "./heartbeat.ts";
import { secondOpinion, type SecondOpinion } from "./second-opinion.ts";

export type LivenessStatus = "alive" | "lagging" | "suspect" | "lost";

export type NodeLiveness = {
  readonly status: LivenessStatus;
  readonly beat: Heartbeat;
  readonly lastBeatMs: number;
  /** When the present status began. */
  readonly sinceMs: number;
};

/** Processes by `site/node`; one entry each, that of its latest incarnation. */
export type Liveness = {
  /** The observer's own key, if it beats itself: its word is no second one, and it never declares itself lost. */
  readonly own: string | null;
  readonly nodes: ReadonlyMap<string, NodeLiveness>;
  /** Silence before this moment is not held against anybody. */
  readonly trustedSinceMs: number;
  /** The last beat of anybody, or the server's last answer. */
  readonly lastHeardMs: number;
  readonly lastJudgedMs: number;
  /** The last look at the silences that was not put off: an older word is no word. */
  readonly lastLookedMs: number;
};

export type LivenessChange = {
  readonly kind: Heartbeat["kind"];
  readonly node: string;
  readonly site: string;
  readonly incarnation: string;
  readonly from: LivenessStatus | "unknown";
  readonly to: LivenessStatus;
  readonly silentMs: number;
};
export type Judged = { readonly liveness: Liveness; readonly changes: readonly LivenessChange[] };

export type LivenessLimits = {
  readonly suspectMs: number;
  /** How long a suspect goes on being silent until it is lost without a second observer's word. */
  readonly confirmMs: number;
  /** Silent for so long it is lost, whoever still hears it: what cannot be heard here cannot be worked with here. */
  readonly disputeMs: number;
  /** A main loop this late is lagging ... */
  readonly laggingMs: number;
  /** ... and this late it is lost: it beats, but it will not finish anything. */
  readonly stuckMs: number;
  readonly forgetMs: number;
};

/** Four missed beats make a suspect: measured, a busy node's beats come at most 256 ms apart. */
export const livenessLimits: LivenessLimits = {
  suspectMs: 1_000,
  confirmMs: 500,
  disputeMs: 10_000,
  laggingMs: 1_000,
  stuckMs: 10_000,
  forgetMs: 600_000,
};

/** More nodes than any installation has; beats of others are not followed. */
export const nodesMax = 1_000;

export const newLiveness = (nowMs: number, own: string | null = null): Liveness => ({
  own,
  nodes: new Map(),
  trustedSinceMs: nowMs,
  lastHeardMs: nowMs,
  lastJudgedMs: nowMs,
  lastLookedMs: nowMs,
});

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
const isDeaf = ({ lastHeardMs }: Liveness, nowMs: number, { suspectMs }: LivenessLimits): boolean =>
  nowMs - lastHeardMs >= suspectMs / 2;

/** Nobody was heard for long and now somebody is: the others' beats were lost on the same way. */
function trustAfterDeafness(liveness: Liveness, nowMs: number, limits: LivenessLimits) {
  const wasDeaf = nowMs - liveness.lastHeardMs >= limits.suspectMs;
  return { lastHeardMs: nowMs, trustedSinceMs: wasDeaf ? nowMs : liveness.trustedSinceMs };
}

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

/** Takes in one beat. A beat that comes twice or out of order changes nothing. */
export function heard(
  liveness: Liveness,
  beat: Heartbeat,
  nowMs: number,
  limits: LivenessLimits = livenessLimits,
): Judged {
  const key = processKey(beat);
  const before = liveness.nodes.get(key);
  const isOfOther = beat.leaving && !isSameStart(beat, before);
  if (isOfOther || isRepeated(beat, before) || (!before && liveness.nodes.size >= nodesMax))
    return { liveness, changes: [] };
  if (beat.leaving) return left(liveness, key, nowMs, limits);
  const after = withBeat(before, beat, nowMs, limits);
  const next: Liveness = {
    ...liveness,
    nodes: new Map(liveness.nodes).set(key, after),
    ...trustAfterDeafness(liveness, nowMs, limits),
  };
  return { liveness: next, changes: changesByBeat(before, after, nowMs) };
}

/** It said that it goes: it is not silent, it is not there. What it held it has given back itself. */
function left(liveness: Liveness, key: string, nowMs: number, limits: LivenessLimits): Judged {
  const nodes = new Map(liveness.nodes);
  nodes.delete(key);
  return {
    liveness: { ...liveness, nodes, ...trustAfterDeafness(liveness, nowMs, limits) },
    changes: [],
  };
}

const isSameStart = (beat: Heartbeat, before: NodeLiveness | undefined): before is NodeLiveness =>
  before?.beat.incarnation === beat.incarnation;

const isRepeated = (beat: Heartbeat, before: NodeLiveness | undefined): boolean =>
  isSameStart(beat, before) && beat.sequence <= before.beat.sequence;

function withBeat(
  before: NodeLiveness | undefined,
  beat: Heartbeat,
  nowMs: number,
  limits: LivenessLimits,
): NodeLiveness {
  const status = statusOfLag(beat.loopLagMs, limits);
  const goesOn = isSameStart(beat, before) && before.status === status;
  return { status, beat, lastBeatMs: nowMs, sinceMs: goesOn ? before.sinceMs : nowMs };
}

/** The start before is lost for certain when another one beats. */
function changesByBeat(
  before: NodeLiveness | undefined,
  after: NodeLiveness,
  nowMs: number,
): readonly LivenessChange[] {
  const to = after.status;
  if (before?.beat.incarnation === after.beat.incarnation)
    return before.status === to ? [] : [{ ...changeOf(before, to, nowMs), silentMs: 0 }];
  const started: LivenessChange = { ...changeOf(after, to, nowMs), from: "unknown" };
  return before && before.status !== "lost" ? [changeOf(before, "lost", nowMs), started] : [started];
}

function statusOfLag(loopLagMs: number, limits: LivenessLimits): LivenessStatus {
  if (loopLagMs >= limits.stuckMs) return "lost";
  return loopLagMs >= limits.laggingMs ? "lagging" : "alive";
}

const changeOf = (before: NodeLiveness, to: LivenessStatus, nowMs: number): LivenessChange => ({
  kind: before.beat.kind,
  node: before.beat.node,
  site: before.beat.site,
  incarnation: before.beat.incarnation,
  from: before.status,
  to,
  silentMs: nowMs - before.lastBeatMs,
});

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
