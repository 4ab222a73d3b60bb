import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import {
  agedAfterMs,
  consideredMax,
  localWaitMaxMs,
  nextClaim,
  turnMs,
  type ClaimView,
  type WaitingJob,
} from "./next-claim.ts";
import type { NodeWithSlots } from "./placement.ts";
import { rankNodes } from "./rendezvous.ts";

const siteA = "site-a" as SiteId;
const siteB = "site-b" as SiteId;
const named = (node: string, more: Partial<NodeWithSlots> = {}): NodeWithSlots => ({
  node: node as NodeId,
  site: siteA,
  freeSlots: 1,
  ...more,
});
const job = "job-1" as JobId;
const waiting = (name: string, waitingSinceMs: number, more: Partial<WaitingJob> = {}): WaitingJob => ({
  job: name as JobId,
  waitingSinceMs,
  avoid: [],
  needBytes: 100,
  inputBytes: 0,
  inputs: [{ site: siteA, fraction: 1 }],
  priority: "routine",
  deadlineAtMs: null,
  attempts: 0,
  ...more,
});
const nodes = ["n1", "n2", "n3"].map((name) => named(name));
const [first, second, third] = rankNodes(job, nodes) as [NodeWithSlots, NodeWithSlots, NodeWithSlots];
const view = (own: NodeWithSlots, nowMs: number, change: Partial<ClaimView> = {}) =>
  nextClaim({ jobs: [waiting(job, 1_000)], nodes, own, claims: 0, nowMs, ...change });
/** Which of these jobs a node that is alone claims at 9 s. */
const chosen = (jobs: readonly WaitingJob[], change: Partial<ClaimView> = {}) =>
  view(first, 9_000, { jobs, nodes: [], ...change });

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
  const jobs = [waiting(job, 1_000, { avoid: [first.node] })];
  expect(view(first, 1_000, { jobs })).toEqual({ next: "wait", untilMs: 1_000 + 2 * turnMs });
  expect(view(first, 1_000, { jobs, nodes: [] })).toEqual({ next: "claim", job });
});

test("stat goes before urgent before routine, then the deadline, then who was begun, then who waits longer", () => {
  const jobs = [
    waiting("routine, waits longest", 0),
    waiting("urgent, late deadline", 8_000, { priority: "urgent", deadlineAtMs: 200 }),
    waiting("urgent, no deadline", 1_000, { priority: "urgent" }),
    waiting("urgent, early deadline", 8_000, { priority: "urgent", deadlineAtMs: 100 }),
    waiting("stat", 8_500, { priority: "stat" }),
    waiting("stat, later", 8_600, { priority: "stat" }),
    waiting("routine, taken from a lost node", 8_900, { attempts: 2 }),
  ];
  const order: string[] = [];
  for (let left = jobs; left.length > 0;) {
    const next = chosen(left);
    if (next.next !== "claim") throw new Error("a job is due and a slot is free");
    order.push(next.job);
    left = left.filter((one) => one.job !== next.job);
  }
  expect(order).toEqual([
    "stat",
    "stat, later",
    "urgent, early deadline",
    "urgent, late deadline",
    "urgent, no deadline",
    "routine, taken from a lost node",
    "routine, waits longest",
  ]);
});

test("a stat job whose turn is elsewhere does not keep a routine one from its turn here", () => {
  const stat = waiting(job, 1_000, { priority: "stat" });
  expect(view(second, 1_000, { jobs: [stat, waiting("mine", 0)], nodes })).toMatchObject({ next: "claim" });
});

test("under stat work without end a routine job gets every fourth claim once it is old", () => {
  const old = waiting("old", 0);
  const taken: string[] = [];
  for (let claims = 0; claims < 8; claims++) {
    const stats = Array.from({ length: 200 }, (_, at) =>
      waiting(`s${at}`, agedAfterMs, { priority: "stat" }),
    );
    const next = chosen([...stats, old], { claims, nowMs: agedAfterMs });
    taken.push(next.next === "claim" ? next.job : next.next);
  }
  expect(taken).toEqual(["s0", "s0", "s0", "old", "s0", "s0", "s0", "old"]);
  expect(chosen([waiting("stat", 8_000, { priority: "stat" }), old], { claims: 3 })).toEqual({
    next: "claim",
    job: "stat",
  });
});

test("a job that needs more memory than the node has is not claimed, and a node too small is not waited for", () => {
  const jobs = [waiting(job, 1_000, { needBytes: 200 })];
  expect(view({ ...first, memoryBytes: 199 }, 9_000, { jobs })).toEqual({ next: "nothing" });
  const small = nodes.map((node) => (node.node === first.node ? { ...node, memoryBytes: 199 } : node));
  expect(view(second, 1_000, { jobs, nodes: small })).toEqual({ next: "claim", job });
});

const far = named("far", { site: siteB });
const large = waiting(job, 1_000, { inputBytes: 25_000_000 }); // 2 s of 100 Mbit/s

test("the node beside the inputs goes first where fetching them takes long", () => {
  for (const name of ["n1", "n2", "n3", "n4", "n5"]) {
    const local = named(name);
    expect(view(far, 1_000, { jobs: [large], nodes: [local] })).toEqual({ next: "wait", untilMs: 1_500 });
    expect(view(local, 1_000, { jobs: [large], nodes: [far] })).toEqual({ next: "claim", job });
  }
});

test("a full node beside the inputs is waited for as long as the transfer would take, at most some seconds", () => {
  const full = [named("n1", { freeSlots: 0 })];
  expect(view(far, 1_000, { jobs: [large], nodes: full })).toEqual({ next: "wait", untilMs: 3_000 });
  expect(view(far, 3_000, { jobs: [large], nodes: full })).toEqual({ next: "claim", job });
  const huge = { ...large, inputBytes: 1e12 };
  expect(view(far, 1_000, { jobs: [huge], nodes: full })).toEqual({
    next: "wait",
    untilMs: 1_000 + localWaitMaxMs,
  });
});

test("a lost race keeps the job from this node for a moment, and its waiting time stays", () => {
  const lost = waiting(job, 1_000, { notBeforeMs: 9_250 });
  expect(chosen([lost])).toEqual({ next: "wait", untilMs: 9_250 });
  expect(chosen([lost], { nowMs: 9_250 })).toEqual({ next: "claim", job });
});

test("without a job there is nothing to do; of very many the most urgent is found", () => {
  expect(chosen([])).toEqual({ next: "nothing" });
  const many = Array.from({ length: 10 * consideredMax }, (_, at) => waiting(`r${at}`, at));
  expect(chosen([...many, waiting("stat", 8_000, { priority: "stat" })])).toEqual({
    next: "claim",
    job: "stat",
  });
});

test("what this node had to give back goes behind the rest of its priority, and is not hidden by it", () => {
  const away = waiting("away", 1_000, { putOffs: 3, attempts: 3, deadlineAtMs: 10 });
  expect(chosen([away, waiting("fresh", 8_000)])).toEqual({ next: "claim", job: "fresh" });
  expect(chosen([away])).toEqual({ next: "claim", job: "away" });
  expect(chosen([{ ...away, priority: "stat" }, waiting("fresh", 8_000)])).toEqual({
    next: "claim",
    job: "away",
  });
});

test("while it is put off here, another node takes it at its turn", () => {
  const job1 = waiting(job, 1_000);
  const here = view(first, 1_500, { jobs: [{ ...job1, putOffs: 1, notBeforeMs: 6_000 }] });
  expect(here).toEqual({ next: "wait", untilMs: 6_000 });
  expect(view(second, 1_500, { jobs: [job1] })).toEqual({ next: "claim", job });
});

test("however many urgent jobs are put off, a routine one that can be done now is done", () => {
  const putOff = Array.from({ length: 2 * consideredMax }, (_, index) =>
    waiting(`away-${index}`, 1_000, { priority: "stat", putOffs: 1, notBeforeMs: 60_000 - index }),
  );
  expect(chosen([...putOff, waiting("fresh", 8_000)])).toEqual({ next: "claim", job: "fresh" });
  expect(chosen(putOff)).toEqual({ next: "wait", untilMs: 60_000 - (2 * consideredMax - 1) });
});
