import { existsSync } from "node:fs";
import { systemClock } from "@releve/domain/clock";
import { expect, test } from "vitest";
import { faultNames } from "../fault-names.ts";
import { claim, jobCommitAt, jobEvent, study } from "../invariants/run-evidence.fixture.ts";
import { seededRandom } from "../seeded-random.ts";
import { fakeStage } from "../stage/fake-stage.fixture.ts";
import { allFaults } from "./all-faults.ts";
import type { Harm } from "./fault.ts";

/** One job, held by b2. */
const held = [jobCommitAt(1, jobEvent({ type: "JobRequested", study })), jobCommitAt(2, claim("b2", 1))];

async function harm(name: keyof typeof allFaults, seed = "1", leader = "nats-a") {
  const { stage, done } = fakeStage(held, leader);
  const load = stage.cluster.sites.map((site) => ({ site }));
  const about = { stage, random: seededRandom(seed), clock: systemClock, load } as unknown as Harm;
  const injected = await allFaults[name].inject(about);
  const before = [...done];
  await injected.heal();
  return { ...injected, before, healing: done.slice(before.length) };
}

test.each(faultNames)("%s has a file of its name, and says what it does", (name) => {
  expect(existsSync(new URL(`${name}.ts`, import.meta.url))).toBe(true);
  expect(allFaults[name].what.length).toBeGreaterThan(20);
});

test("the same seed makes the same choices, others make others", async () => {
  const choices = async (seed: string) => (await harm("lose-site", seed)).before.join();
  expect(await choices("7")).toBe(await choices("7"));
  const all = await Promise.all(Array.from({ length: 20 }, (_, seed) => choices(String(seed))));
  expect(new Set(all).size).toBe(3);
});

test("the node that holds a job is hit, and the gap ends with a claim of its job elsewhere", async () => {
  const { before, healing, goesOn } = await harm("kill-node");
  expect(before).toEqual(["kill b2"]);
  expect(healing).toEqual(["start b2"]);
  expect(goesOn!(claim("b2", 2))).toBe(false);
  expect(goesOn!(claim("a1", 2))).toBe(true);
});

test("a node is stopped and goes on", async () => {
  const { before, healing, holdMs } = await harm("stop-node");
  expect([...before, ...healing]).toEqual(["SIGSTOP b2", "SIGCONT b2"]);
  expect(holdMs).toBeGreaterThanOrEqual(1_000);
  expect(holdMs).toBeLessThanOrEqual(30_000);
});

test("the ledger's leader is hit, whoever it is", async () => {
  expect((await harm("kill-ledger-leader", "1", "nats-c")).before).toEqual(["kill nats-c"]);
});

test("a lost site loses every process, and its ledger server is started first", async () => {
  const { before, healing } = await harm("lose-site");
  expect(before).toHaveLength(5);
  expect(healing[0]).toMatch(/^start nats-/);
  expect(healing).toHaveLength(5);
});

test("a cut-off site is cut from both others; a one-way cut never goes both ways", async () => {
  const { before, healing } = await harm("partition-site");
  expect(before).toHaveLength(2);
  expect(new Set(before.map((cut) => cut.split(" ")[1])).size).toBe(1);
  expect(healing).toEqual(["heal"]);
  const oneWay = await harm("asymmetric-partition");
  for (const cut of oneWay.before) expect(cut).toMatch(/one-way$/);
});
