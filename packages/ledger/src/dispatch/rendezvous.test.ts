import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { rankNodes, type NodeName } from "./rendezvous.ts";

const named = (node: string, site = "site-a"): NodeName => ({ node: node as NodeId, site: site as SiteId });
const nodes = [named("a1"), named("a2"), named("b1", "site-b"), named("b2", "site-b")];
const jobs = Array.from({ length: 400 }, (_, i) => `job-${i}` as JobId);
const firstOf = (job: JobId, among: readonly NodeName[]) => rankNodes(job, among)[0]!.node;

test("the order does not depend on the order in which the nodes are known", () => {
  for (const job of jobs) expect(rankNodes(job, nodes.toReversed())).toEqual(rankNodes(job, nodes));
});

test("every node is first for its share of the jobs", () => {
  const firsts = Map.groupBy(jobs, (job) => firstOf(job, nodes));
  // 100 each on average; the hash is fixed, so the counts are too, and far from an unfair draw.
  for (const { node } of nodes) expect(firsts.get(node)!.length).toBeGreaterThan(70);
});

test("a node that goes away moves only the jobs that it was first for", () => {
  const rest = nodes.filter(({ node }) => node !== "a2");
  const others = jobs.filter((job) => firstOf(job, nodes) !== "a2");
  expect(others.map((job) => firstOf(job, rest))).toEqual(others.map((job) => firstOf(job, nodes)));
});

test("a node where the job failed before comes last", () => {
  for (const job of jobs) {
    const failed = firstOf(job, nodes);
    expect(rankNodes(job, nodes, [failed]).at(-1)!.node).toBe(failed);
  }
});
