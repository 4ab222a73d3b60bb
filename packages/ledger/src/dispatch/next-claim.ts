/**
 * What a node does next about the jobs that wait: claim one now, look again at a time, or nothing. Pure; the claim itself is
 * an append that only one node wins, so a wrong guess here costs a lost race and never a job.
 *
 * Whose turn it is comes first (placement.ts); among the jobs whose turn is here, the most urgent goes: stat, urgent,
 * routine, within that what was not put off, then the deadline, then who was begun before, then who waits longer. Every fourth claim goes to the job that has waited longest, once that
 * is five minutes: so routine work gets a quarter of each node at least, and stat work three quarters, whatever the load.
 */
import type { JobId } from "@releve/domain/ids";
import type { JobPriority } from "../events/job.ts";
import {
  defaultBandwidth,
  fits,
  orderNodes,
  transferMs,
  type Bandwidth,
  type NodeWithSlots,
  type PlacedJob,
} from "./placement.ts";
import { sameNode } from "./rendezvous.ts";

export type WaitingJob = PlacedJob & {
  /** Since when this node has seen the job wait, by its own clock: other machines' clocks are not compared. */
  readonly waitingSinceMs: number;
  /** Not before then: after a lost race (the winner's claim may not have arrived), or while it is put off (put-off.ts). */
  readonly notBeforeMs?: number;
  /** How often in succession this node gave it back, see put-off.ts: what can be done now goes first. Absent: never. */
  readonly putOffs?: number;
  readonly priority: JobPriority;
  readonly deadlineAtMs: number | null;
  /** Claims so far: a job that was taken from a lost node had its turn already, and does not queue again. */
  readonly attempts: number;
};

export type ClaimView = {
  readonly jobs: readonly WaitingJob[];
  /** Nodes that are alive, as the heartbeats tell; whether `own` is among them does not matter. */
  readonly nodes: readonly NodeWithSlots[];
  readonly own: NodeWithSlots;
  /** How many claims this node has made: every `agedTurn`th goes to the longest waiting job. */
  readonly claims: number;
  readonly nowMs: number;
  readonly bandwidth?: Bandwidth;
};

export type NextClaim =
  | { readonly next: "claim"; readonly job: JobId }
  | { readonly next: "wait"; readonly untilMs: number }
  /** No free slot or no job: something must change first. */
  | { readonly next: "nothing" };

/** The next one's turn comes so much later: time for a claim to reach everybody, also across sites. */
export const turnMs = 500;
/** So long at most a node far from the inputs leaves a job to a site that holds them but has no slot free. */
export const localWaitMaxMs = 3_000;
export const agedAfterMs = 300_000;
export const agedTurn = 4;
/** Only the most urgent ones are ordered over the nodes: the others' turn comes when these are gone. */
export const consideredMax = 64;

/** Claims go only into free slots, never onto a queue. */
export function nextClaim(view: ClaimView): NextClaim {
  if (view.own.freeSlots < 1) return { next: "nothing" };
  const fitting = view.jobs.filter((job) => fits(view.own, job));
  // Apart, so that however many urgent ones are put off, they hide nothing that can be done now.
  const [later, ready] = parted(fitting, (job) => (job.notBeforeMs ?? 0) > view.nowMs);
  const turns = considered(ready, view).map((waiting) => ({ waiting, atMs: turnAtMs(waiting, view) }));
  const due = turns.find(({ atMs }) => atMs <= view.nowMs);
  if (due) return { next: "claim", job: due.waiting.job };
  const untilMs = [...turns.map(({ atMs }) => atMs), ...later.map((job) => job.notBeforeMs!)];
  if (untilMs.length === 0) return { next: "nothing" };
  return { next: "wait", untilMs: untilMs.reduce((first, ms) => Math.min(first, ms)) };
}

function parted<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly [Item[], Item[]] {
  const parts: [Item[], Item[]] = [[], []];
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item);
  return parts;
}

/** The one that should go first at the head. */
function considered(ready: readonly WaitingJob[], { claims, nowMs }: ClaimView): readonly WaitingJob[] {
  const urgent = mostUrgent(ready);
  if (claims % agedTurn !== agedTurn - 1) return urgent;
  const longest = ready.reduce<WaitingJob | undefined>(
    (first, job) => (first && first.waitingSinceMs <= job.waitingSinceMs ? first : job),
    undefined,
  );
  const isAged = longest !== undefined && nowMs - longest.waitingSinceMs >= agedAfterMs;
  return isAged ? [longest, ...urgent.filter((job) => job !== longest)] : urgent;
}

/** Without sorting all of them: thousands may wait, and every change makes a node look. */
function mostUrgent(jobs: readonly WaitingJob[]): readonly WaitingJob[] {
  const top: WaitingJob[] = [];
  for (const job of jobs) {
    const last = top.at(-1);
    if (top.length === consideredMax && last && byUrgency(job, last) >= 0) continue;
    top.splice(top.findLastIndex((other) => byUrgency(other, job) <= 0) + 1, 0, job);
    if (top.length > consideredMax) top.pop();
  }
  return top;
}

const rank: Readonly<Record<JobPriority, number>> = { stat: 0, urgent: 1, routine: 2 };

const byUrgency = (a: WaitingJob, b: WaitingJob): number =>
  rank[a.priority] - rank[b.priority] ||
  Math.sign(a.putOffs ?? 0) - Math.sign(b.putOffs ?? 0) ||
  byDeadline(a.deadlineAtMs, b.deadlineAtMs) ||
  Math.sign(b.attempts) - Math.sign(a.attempts) ||
  a.waitingSinceMs - b.waitingSinceMs;

function byDeadline(a: number | null, b: number | null): number {
  if (a === b) return 0;
  return (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY);
}

function turnAtMs(waiting: WaitingJob, view: ClaimView): number {
  const { own, nodes, bandwidth = defaultBandwidth } = view;
  const others = nodes.filter((node) => !sameNode(node, own) && fits(node, waiting));
  const free = others.filter(({ freeSlots }) => freeSlots > 0);
  const turn = orderNodes(waiting, [...free, own], bandwidth).findIndex((node) => sameNode(node, own));
  const transfer = transferMs(waiting, own.site, bandwidth);
  const heldByFull = others.some(
    (node) => node.freeSlots < 1 && transferMs(waiting, node.site, bandwidth) < transfer,
  );
  const leaveMs = heldByFull ? Math.min(transfer, localWaitMaxMs) : 0;
  return waiting.waitingSinceMs + leaveMs + turn * turnMs;
}
