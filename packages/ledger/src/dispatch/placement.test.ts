import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { orderNodes, transferMs, type NodeWithSlots, type PlacedJob } from "./placement.ts";
import { rankNodes } from "./rendezvous.ts";

const site = (name: string) => `site-${name}` as SiteId;
const node = (name: string, of: string, more: Partial<NodeWithSlots> = {}): NodeWithSlots => ({
  node: name as NodeId,
  site: site(of),
  freeSlots: 1,
  ...more,
});
const job = (change: Partial<PlacedJob> = {}): PlacedJob => ({
  job: "job" as JobId,
  avoid: [],
  needBytes: 0,
  inputBytes: 100_000_000,
  inputs: [{ site: site("a"), fraction: 1 }],
  ...change,
});
const nodes = [node("c1", "c"), node("b1", "b"), node("a1", "a"), node("a2", "a")];
const namesOf = (ordered: readonly NodeWithSlots[]) => ordered.map((one) => one.node);
const slow = () => 1_000_000;

test("what is missing at a site, over the fastest link from a holder, is the transfer", () => {
  const half = job({
    inputs: [
      { site: site("a"), fraction: 1 },
      { site: site("b"), fraction: 0.5 },
    ],
  });
  expect(transferMs(half, site("a"), slow)).toBe(0);
  expect(transferMs(half, site("b"), slow)).toBe(50_000);
  expect(transferMs(half, site("c"), (from) => (from === site("b") ? 10_000_000 : 1_000_000))).toBe(10_000);
});

test("sites that hold the inputs come first, then those that hold a part, then the rest", () => {
  const placed = job({
    inputs: [
      { site: site("a"), fraction: 1 },
      { site: site("b"), fraction: 0.5 },
    ],
  });
  const ordered = namesOf(orderNodes(placed, nodes, slow));
  expect(ordered.slice(0, 2).toSorted()).toEqual(["a1", "a2"]);
  expect(ordered.slice(2)).toEqual(["b1", "c1"]);
});

test("where the costs do not differ clearly the order is rendezvous", () => {
  for (let i = 0; i < 50; i++) {
    const small = job({ job: `job-${i}` as JobId, inputBytes: 5_000_000 }); // 0.4 s of 100 Mbit/s
    expect(namesOf(orderNodes(small, nodes))).toEqual(namesOf(rankNodes(small.job, nodes)));
  }
});

test("plain JavaScript comes after WebAssembly, and a node where the job failed after all", () => {
  const mixed = [
    node("slow", "a", { engine: "gpu.js/cpu (fallback)" }),
    node("fast", "a", { engine: "gpu.js/webasm" }),
  ];
  expect(namesOf(orderNodes(job(), mixed))).toEqual(["fast", "slow"]);
  expect(namesOf(orderNodes(job({ avoid: ["fast" as NodeId] }), mixed))).toEqual(["slow", "fast"]);
});
