import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { nextClaim, turnMs, type ClaimView, type NodeWithSlots, type WaitingJob } from "./next-claim.ts";
import { rankNodes } from "./rendezvous.ts";

const named = (node: string, freeSlots = 1): NodeWithSlots => ({
  node: node as NodeId,
  site: "site-a" as SiteId,
  freeSlots,
});
const job = "job-1" as JobId;
const waiting = (name: string, waitingSinceMs: number, avoid: NodeId[] = []): WaitingJob => ({
  job: name as JobId,
  waitingSinceMs,
  avoid,
});
const nodes = ["n1", "n2", "n3"].map((name) => named(name));
const [first, second, third] = rankNodes(job, nodes) as [NodeWithSlots, NodeWithSlots, NodeWithSlots];
const view = (own: NodeWithSlots, nowMs: number, change: Partial<ClaimView> = {}) =>
  nextClaim({ jobs: [waiting(job, 1_000)], nodes, own, nowMs, ...change });

test("the first in rank claims at once, the others at their turns", () => {
  expect(view(first, 1_000)).toEqual({ next: "claim", job });
  expect(view(second, 1_000)).toEqual({ next: "wait", untilMs: 1_000 + turnMs });
  expect(view(third, 1_499)).toEqual({ next: "wait", untilMs: 1_000 + 2 * turnMs });
  expect(view(second, 1_000 + turnMs)).toEqual({ next: "claim", job });
  expect(view(third, 1_000 + 2 * turnMs)).toEqual({ next: "claim", job });
});

test("a node without a free slot claims nothing, and the others do not wait for it", () => {
  expect(view({ ...first, freeSlots: 0 }, 9_999)).toEqual({ next: "nothing" });
  const full = nodes.map((node) => (node.node === first.node ? { ...node, freeSlots: 0 } : node));
  expect(view(second, 1_000, { nodes: full })).toEqual({ next: "claim", job });
});

test("a node that is not alive is not waited for", () => {
  expect(view(third, 1_000, { nodes: [] })).toEqual({ next: "claim", job });
});

test("the node where the job failed lets the others go first, but is better than nobody", () => {
  const jobs = [waiting(job, 1_000, [first.node])];
  expect(view(first, 1_000, { jobs })).toEqual({ next: "wait", untilMs: 1_000 + 2 * turnMs });
  expect(view(first, 1_000, { jobs, nodes: [] })).toEqual({ next: "claim", job });
});

test("of several jobs the one whose turn came first is claimed; without a job there is nothing to do", () => {
  const jobs = [waiting("job-new", 3_000), waiting("job-old", 2_000)];
  expect(view(first, 3_000, { jobs, nodes: [] })).toEqual({ next: "claim", job: "job-old" });
  expect(view(first, 3_000, { jobs: [] })).toEqual({ next: "nothing" });
});
