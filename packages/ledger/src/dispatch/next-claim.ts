/**
 * What a node does next about the jobs that wait: claim one now, look again at a time, or nothing. Pure; the claim itself is
 * an append that only one node wins, so a wrong guess here costs a lost race and never a job.
 */
import type { JobId, NodeId } from "@releve/domain/ids";
import { rankNodes, sameNode, type NodeName } from "./rendezvous.ts";

export type WaitingJob = {
  readonly job: JobId;
  /** Since when this node has seen the job wait, by its own clock: other machines' clocks are not compared. */
  readonly waitingSinceMs: number;
  /** Nodes on which an attempt failed or was lost. */
  readonly avoid: readonly NodeId[];
};

export type NodeWithSlots = NodeName & { readonly freeSlots: number };

export type ClaimView = {
  readonly jobs: readonly WaitingJob[];
  /** Nodes that are alive, as the heartbeats tell; whether `own` is among them does not matter. */
  readonly nodes: readonly NodeWithSlots[];
  readonly own: NodeWithSlots;
  readonly nowMs: number;
};

export type NextClaim =
  | { readonly next: "claim"; readonly job: JobId }
  | { readonly next: "wait"; readonly untilMs: number }
  /** No free slot or no job: something must change first. */
  | { readonly next: "nothing" };

/** The next one's turn comes so much later: time for a claim to reach everybody, also across sites. */
export const turnMs = 500;

/** The job whose turn it is here for the longest time; claims go only into free slots, never onto a queue. */
export function nextClaim(view: ClaimView): NextClaim {
  if (view.own.freeSlots < 1) return { next: "nothing" };
  const others = view.nodes.filter((node) => node.freeSlots > 0 && !sameNode(node, view.own));
  const candidates = [...others, view.own];
  let first: { job: JobId; atMs: number } | undefined;
  for (const waiting of view.jobs) {
    const turn = rankNodes(waiting.job, candidates, waiting.avoid).findIndex((node) =>
      sameNode(node, view.own),
    );
    const atMs = waiting.waitingSinceMs + turn * turnMs;
    if (!first || atMs < first.atMs) first = { job: waiting.job, atMs };
  }
  if (!first) return { next: "nothing" };
  return first.atMs <= view.nowMs ? { next: "claim", job: first.job } : { next: "wait", untilMs: first.atMs };
}
