/** What one beat says of its sender, and of the start of it before. Pure. */
import { processKey, type Heartbeat } from "./heartbeat.ts";
import {
  changeOf,
  livenessLimits,
  nodesMax,
  type Judged,
  type Liveness,
  type LivenessChange,
  type LivenessLimits,
  type LivenessStatus,
  type NodeLiveness,
} from "./liveness.ts";
import { trustAfterDeafness } from "./own-ears.ts";

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
