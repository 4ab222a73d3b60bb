/** A node's work ahead of the ledger, and the limits of it. */
import type { SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import {
  a1,
  a2,
  awayable,
  b1,
  command,
  eventsOf,
  free,
  heldAttempt,
  named,
  newWorld,
  request,
  result,
  typesOf,
  type TestNodeOptions,
} from "./node-loop.fixture.ts";

/** Job 1 is claimed by a1, which is lost; `attempt` is that of a2, which alone has a free slot. */
async function lostUnder(attempt: TestNodeOptions["attempt"], options: Partial<TestNodeOptions> = {}) {
  const all = newWorld();
  await request(all.log, 1);
  const { node, site, incarnation } = a1;
  await command(all.log, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  const other = await all.start(a2, { attempt, ...options });
  await all.clock.advance(500);
  return { ...all, other };
}

test("the first in order starts at detection while the ledger is away; its claim says for how long it was ahead", async () => {
  const held = heldAttempt();
  const { log, state, clock, other } = await lostUnder(held.attempt);
  state.away = true;
  await other.loop.nodeLost(a1, 1_500);
  expect(held.started).toHaveLength(1);
  expect(other.reports.at(-1)?.busy).toBe(1);
  held.finish();
  await clock.advance(6_000);
  state.away = false;
  await clock.advance(1_000);
  const events = await eventsOf(log, 1);
  expect(events.map(({ type }) => type)).toEqual([
    "JobRequested",
    "JobClaimed",
    "JobReleased",
    "JobClaimed",
    "JobCompleted",
  ]);
  const claim = events[3] as Extract<(typeof events)[number], { type: "JobClaimed" }>;
  expect(claim.aheadMs).toBeGreaterThanOrEqual(6_000);
  expect(claim.aheadMs).toBeLessThan(7_000);
  expect(held.started).toHaveLength(1);
});

test("when somebody else gets the job the attempt ahead is dropped without a trace", async () => {
  const held = heldAttempt();
  const { real, log, state, clock, other } = await lostUnder(held.attempt);
  state.away = true;
  await other.loop.nodeLost(a1, 1_500);
  const [, claimed] = await real.read({ kind: "job", id: held.started[0]!.job });
  const token = { epoch: 1, version: claimed!.version };
  await command(real, 1, { type: "release", token, reason: "node-lost" });
  await clock.advance(0);
  expect(held.dropped).toEqual([]);
  const { node, site, incarnation } = b1;
  await command(real, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  await clock.advance(0);
  expect(held.dropped).toHaveLength(1);
  expect(other.reports.at(-1)?.busy).toBe(0);
  state.away = false;
  await clock.advance(5_000);
  expect(await typesOf(log, 1)).toEqual(["JobRequested", "JobClaimed", "JobReleased", "JobClaimed"]);
});

test("a lost node that finished after all keeps its job: the attempt ahead is dropped", async () => {
  const held = heldAttempt();
  const { real, state, clock, other } = await lostUnder(held.attempt);
  state.away = true;
  await other.loop.nodeLost(a1, 1_500);
  const [, claimed] = await real.read({ kind: "job", id: held.started[0]!.job });
  await command(real, 1, { type: "complete", ...result, token: { epoch: 1, version: claimed!.version } });
  await clock.advance(0);
  expect(held.dropped).toHaveLength(1);
});

test.each<[string, Partial<TestNodeOptions>]>([
  ["has no slot free", { slots: 0 }],
  ["is too small", { memoryBytes: 0 }],
  ["is not the first in order: another one sits beside the inputs", { others: [free(named("c1"))] }],
])("nothing is started ahead by a node that %s", async (_, options) => {
  const held = heldAttempt();
  const all = newWorld();
  await request(all.log, 1, { inputSite: "site-c" as SiteId, inputBytes: 1e9 });
  const { node, site, incarnation } = a1;
  await command(all.log, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  const other = await all.start(a2, { attempt: held.attempt, ...options });
  await all.clock.advance(500);
  all.state.away = true;
  await other.loop.nodeLost(a1, 1_500);
  expect(held.started).toEqual([]);
});

test("a job that took a node with it before is computed only under a recorded attempt", async () => {
  const held = heldAttempt();
  const { real, state, clock, start, other } = await lostUnder(held.attempt, { slots: 0 });
  await other.loop.nodeLost(a1, 1_500);
  await clock.advance(500);
  const { node, site, incarnation } = b1;
  await command(real, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  const third = heldAttempt();
  const last = await start(named("a3"), { attempt: third.attempt });
  await clock.advance(500);
  state.away = true;
  await last.loop.nodeLost(b1, 1_500);
  expect(third.started).toEqual([]);
  state.away = false;
  await clock.advance(2_000);
  expect(third.started).toHaveLength(1);
});

test("a job that takes down every node that tries it is dead-lettered after its attempts", async () => {
  const { log, clock, start } = newWorld();
  await request(log, 1);
  const survivor = await start(b1, { slots: 0 });
  for (const victim of [named("a1"), named("a2"), named("a3"), named("a4")]) {
    const life = awayable(log);
    await start(victim, { log: life.log, attempt: heldAttempt().attempt });
    await clock.advance(2_000);
    life.state.away = true; // it dies: nothing more is heard of it
    await survivor.loop.nodeLost(victim, 1_500);
    await clock.advance(100);
  }
  const events = await eventsOf(log, 1);
  expect(events.filter(({ type }) => type === "JobClaimed")).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ type: "JobDeadLettered", code: "ATTEMPTS_EXHAUSTED" });
});

test("an idle standby in another site fetches the inputs of a claimed job, once", async () => {
  const { log, clock, start } = newWorld();
  const fetched: string[] = [];
  const preStage = async (job: { readonly job: string }) => void fetched.push(job.job);
  await request(log, 1, { inputBytes: 1_000_000 });
  const { node, site, incarnation } = a1;
  await command(log, 1, { type: "claim", node, site, incarnation, epoch: 1, aheadMs: 0 });
  await start(a2, { preStage });
  await clock.advance(5_000);
  expect(fetched).toEqual([]);
  await start(b1, { preStage, others: [free(a1, 0), free(a2)] });
  await clock.advance(5_000);
  expect(fetched).toHaveLength(1);
});
