import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { NodeWithSlots } from "./placement.ts";
import { nextPreStage, standbyOf, type ClaimedJob } from "./standby.ts";

const node = (name: string, more: Partial<NodeWithSlots> = {}): NodeWithSlots => ({
  node: name as NodeId,
  site: `site-${name[0]}` as SiteId,
  freeSlots: 1,
  ...more,
});
const nodes = ["a1", "a2", "b1", "b2", "c1"].map((name) => node(name));
const claimed = (at: number, change: Partial<ClaimedJob> = {}): ClaimedJob => ({
  job: `job-${at}` as JobId,
  avoid: [],
  needBytes: 100,
  inputBytes: 1_000_000,
  inputs: [{ site: "site-a" as SiteId, fraction: 1 }],
  holder: nodes[0]!,
  ...change,
});
const jobs = Array.from({ length: 30 }, (_, at) => claimed(at));

test("a standby is in another site than the holder, and exactly one node takes itself for it", () => {
  for (const job of jobs) {
    const standby = standbyOf(job, job.holder, nodes)!;
    expect(standby.site).not.toBe("site-a");
    const takers = nodes.filter((own) => nextPreStage([job], nodes, own, new Set()) !== undefined);
    expect(takers).toEqual([standby]);
  }
});

test("a full node can be the standby, one that is too small cannot", () => {
  const full = nodes.map((one) => ({ ...one, freeSlots: 0 }));
  expect(standbyOf(jobs[0]!, nodes[0]!, full)?.node).toBe(standbyOf(jobs[0]!, nodes[0]!, nodes)?.node);
  const small = nodes.map((one) => ({ ...one, memoryBytes: one.site === "site-c" ? 100 : 99 }));
  expect(standbyOf(jobs[0]!, nodes[0]!, small)?.node).toBe("c1");
  expect(standbyOf(jobs[0]!, nodes[0]!, nodes.slice(0, 2))).toBeUndefined();
});

test("what was fetched before, or lies in the standby's site already, is not fetched", () => {
  const job = jobs[0]!;
  const standby = standbyOf(job, job.holder, nodes)!;
  expect(nextPreStage(jobs, nodes, standby, new Set([job.job]))).not.toBe(job.job);
  const there = { ...job, inputs: [...job.inputs, { site: standby.site, fraction: 1 }] };
  const holders = nodes.filter((own) => nextPreStage([there], nodes, own, new Set()) !== undefined);
  expect(holders).toEqual([]);
});
