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
 * when it was itself paused, and not when nobody at all is heard (an observer that is itself a node hears its own beats).
 * Being wrong costs a repeated computation, never a wrong result: the ledger's tokens see to that.
 */
import type { Heartbeat } from "./heartbeat.ts";

export type LivenessStatus = "alive" | "lagging" | "suspect" | "lost";

export type NodeLiveness = {
  readonly status: LivenessStatus;
  readonly beat: Heartbeat;
  readonly lastBeatMs: number;
  /** When the present status began. */
  readonly sinceMs: number;
};

/** Nodes by `site/node`; one entry a node, that of its latest incarnation. */
export type Liveness = {
  readonly nodes: ReadonlyMap<string, NodeLiveness>;
  /** Silence before this moment is not held against anybody. */
  readonly trustedSinceMs: number;
  /** The last beat of anybody. */
  readonly lastHeardMs: number;
  readonly lastJudgedMs: number;
};

export type LivenessChange = {
  readonly node: string;
  readonly site: string;
  readonly incarnation: string;
  readonly from: LivenessStatus | "unknown";
  readonly to: LivenessStatus;
  readonly silentMs: number;
};
export type Judged = { readonly liveness: Liveness; readonly changes: readonly LivenessChange[] };

/** What a second observer says of a node that is suspect here. Nobody asks one yet: "unknown". */
export type SecondOpinion = "agrees" | "disagrees" | "unknown";

export type LivenessLimits = {
  readonly suspectMs: number;
  /** How long a suspect goes on being silent until it is lost without a second observer's word. */
  readonly confirmMs: number;
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
  laggingMs: 1_000,
  stuckMs: 10_000,
  forgetMs: 600_000,
};

/** More nodes than any installation has; beats of others are not followed. */
export const nodesMax = 1_000;

export const newLiveness = (nowMs: number): Liveness => ({
  nodes: new Map(),
  trustedSinceMs: nowMs,
  lastHeardMs: nowMs,
  lastJudgedMs: nowMs,
});

/** The observer's own connection was made again: what it did not hear meanwhile says nothing. */
export const reconnected = (liveness: Liveness, nowMs: number): Liveness => ({
  ...liveness,
  trustedSinceMs: nowMs,
});

const keyOf = ({ site, node }: Heartbeat): string => `${site}/${node}`;

/** Takes in one beat. A beat that comes twice or out of order changes nothing. */
export function heard(
  liveness: Liveness,
  beat: Heartbeat,
  nowMs: number,
  limits: LivenessLimits = livenessLimits,
): Judged {
  const key = keyOf(beat);
  const before = liveness.nodes.get(key);
  if (isRepeated(beat, before) || (!before && liveness.nodes.size >= nodesMax))
    return { liveness, changes: [] };
  const after = withBeat(before, beat, nowMs, limits);
  // Nobody was heard for long and now somebody is: the others' beats were lost on the same way.
  const wasDeaf = nowMs - liveness.lastHeardMs >= limits.suspectMs;
  const next: Liveness = {
    ...liveness,
    nodes: new Map(liveness.nodes).set(key, after),
    lastHeardMs: nowMs,
    trustedSinceMs: wasDeaf ? nowMs : liveness.trustedSinceMs,
  };
  return { liveness: next, changes: changesByBeat(before, after, nowMs) };
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
  node: before.beat.node,
  site: before.beat.site,
  incarnation: before.beat.incarnation,
  from: before.status,
  to,
  silentMs: nowMs - before.lastBeatMs,
});

/** Looks at the silences. To be called about every beat, also when nothing is heard. */
export function judge(
  liveness: Liveness,
  nowMs: number,
  opinionOn: (node: NodeLiveness) => SecondOpinion = () => "unknown",
  limits: LivenessLimits = livenessLimits,
): Judged {
  const paused = nowMs - liveness.lastJudgedMs >= limits.suspectMs;
  const judged = { ...liveness, lastJudgedMs: nowMs, ...(paused ? { trustedSinceMs: nowMs } : {}) };
  const deaf = nowMs - liveness.lastHeardMs >= limits.suspectMs;
  if (paused || deaf) return { liveness: judged, changes: [] };
  const nodes = new Map<string, NodeLiveness>();
  const changes: LivenessChange[] = [];
  for (const [key, before] of liveness.nodes) {
    if (before.status === "lost" && nowMs - before.lastBeatMs >= limits.forgetMs) continue;
    const status = statusOfSilence(before, judged.trustedSinceMs, nowMs, opinionOn, limits);
    if (status !== before.status) changes.push(changeOf(before, status, nowMs));
    nodes.set(key, status === before.status ? before : { ...before, status, sinceMs: nowMs });
  }
  return { liveness: { ...judged, nodes }, changes };
}

function statusOfSilence(
  before: NodeLiveness,
  trustedSinceMs: number,
  nowMs: number,
  opinionOn: (node: NodeLiveness) => SecondOpinion,
  limits: LivenessLimits,
): LivenessStatus {
  const silentMs = nowMs - Math.max(before.lastBeatMs, trustedSinceMs);
  if (before.status === "lost" || silentMs < limits.suspectMs) return before.status;
  if (before.status !== "suspect") return "suspect";
  const opinion = opinionOn(before);
  if (opinion === "disagrees") return "suspect";
  const confirmed = opinion === "agrees" || silentMs >= limits.suspectMs + limits.confirmMs;
  return confirmed ? "lost" : "suspect";
}
