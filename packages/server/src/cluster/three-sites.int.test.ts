/** Three sites on loopback addresses, with certificates: they come up, outlive a ledger server, and rebuild one whose store is older than it was. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Commit } from "@releve/ledger/event-log";
import type { ManagedProcess, RunningCluster } from "./running-cluster.ts";
import { startThreeSites } from "./three-sites.ts";

const limitMs = 120_000;
const sentences: string[] = [];
let dataDir: string;
let cluster: RunningCluster;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "releve-three-sites-"));
  cluster = await startThreeSites({
    dataDir,
    identities: true,
    say: (sentence) => sentences.push(sentence),
  });
}, limitMs);
afterAll(async () => {
  await cluster.stop();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
}, limitMs);

const named = (name: string): ManagedProcess => cluster.processes.find((process) => process.name === name)!;

async function everyCommit(): Promise<readonly Pick<Commit, "stream" | "position" | "events">[]> {
  const log = await cluster.openLog("test");
  const commits: Pick<Commit, "stream" | "position" | "events">[] = [];
  for await (const { stream, position, events } of log.readAll()) commits.push({ stream, position, events });
  await log.close();
  return commits;
}

test("every site has a ledger server, a gateway, two nodes and an API, all of them running", () => {
  const roles = cluster.processes.map(({ site, role }) => `${site} ${role}`).toSorted();
  const ofSite = (site: string) =>
    ["api", "gateway", "nats", "recon", "recon"].map((role) => `${site} ${role}`);
  expect(roles).toEqual(["site-a", "site-b", "site-c"].flatMap(ofSite));
  expect(cluster.processes.filter((process) => process.pid() === undefined)).toEqual([]);
});

test(
  "with the ledger's leader gone the other two go on, and it comes back",
  async () => {
    const before = await everyCommit();
    const leader = named((await cluster.ledgerLeader())!);
    await leader.killForGood();
    await expect.poll(cluster.ledgerLeader, { timeout: 30_000 }).not.toBe(leader.name);
    expect((await everyCommit()).slice(0, before.length)).toEqual(before);
    await leader.start();
    expect(leader.pid()).toBeDefined();
  },
  limitMs,
);

test(
  "a ledger server with a store from a backup is moved aside and rebuilt by the others, nothing lost",
  async () => {
    const { ledgerStore } = cluster.sites[1]!;
    const server = named("nats-b");
    await server.killForGood();
    await cp(ledgerStore, `${ledgerStore}-backup`, { recursive: true, preserveTimestamps: true });
    await server.start();
    await expect.poll(() => everyCommit().catch(() => []), { timeout: 30_000 }).not.toEqual([]);
    const before = await everyCommit();
    await server.killForGood();
    await rm(ledgerStore, { recursive: true });
    await cp(`${ledgerStore}-backup`, ledgerStore, { recursive: true, preserveTimestamps: true });
    await server.start();
    expect(sentences.join("\n")).toMatch(/nats-b came back with an older store: it starts empty/);
    expect((await everyCommit()).slice(0, before.length)).toEqual(before);
  },
  limitMs,
);
