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
import type { Heartbeat } from "./heartbeat.ts";

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

export const changeOf = (before: NodeLiveness, to: LivenessStatus, nowMs: number): LivenessChange => ({
  kind: before.beat.kind,
  node: before.beat.node,
  site: before.beat.site,
  incarnation: before.beat.incarnation,
  from: before.status,
  to,
  silentMs: nowMs - before.lastBeatMs,
});
