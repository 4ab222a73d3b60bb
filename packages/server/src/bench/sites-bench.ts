/**
 * How long the jobs of a site wait when the whole site dies: three sites, each with a server of the ledger (three replicas,
 * every commit synced) and two nodes in processes of their own. All processes of one site get SIGKILL at once; measured from
 * there until each of its jobs is claimed at another site, as a follower at one of the servers that are left hears it. Beside
 * it stands the ledger itself: until it acknowledges an append again, which takes JetStream's election (4 to 9 s) where the
 * site had the leader.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "@releve/domain/clock";
import type { JobId } from "@releve/domain/ids";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { ledgerMembers } from "@releve/ledger/jetstream/ledger-members";
import { startNatsCluster, type TestNatsCluster } from "@releve/testkit/nats/nats-cluster";
import { benchRow, type BenchRow } from "./bench-row.ts";
import { benchLedger, type BenchLedger } from "./failover-ledger.ts";

const lossesEach = 8;
const siteCount = 3;
const nodesPerSite = 2;
/** Enough that each site holds some of them. */
const jobsPerLoss = 9;
/** Longer than any run: a job ends when the run is over. */
const longMs = 120_000;
const limitMs = 60_000;
/** Liveness trusts what it hears after a second. */
const heardAfterMs = 1_500;

type Site = { nodes: readonly ChildProcess[] };
type Loss = { readonly jobsMs: readonly number[]; readonly ledgerMs: number };

export async function sitesBench(): Promise<BenchRow[]> {
  const cluster = await startNatsCluster(siteCount);
  const sites: Site[] = Array.from({ length: siteCount }, () => ({ nodes: [] }));
  try {
    const first = await benchLedger(cluster.urls[0]!, siteCount);
    for (const [index, site] of sites.entries()) site.nodes = await startNodes(cluster, index, first);
    await first.close();
    const losses: { readonly withLeader: Loss[]; readonly without: Loss[] } = { withLeader: [], without: [] };
    for (let run = 0; run < 2 * lossesEach; run++) {
      const isWith = run % 2 === 1;
      losses[isWith ? "withLeader" : "without"].push(await loseOne(cluster, sites, isWith));
    }
    return [...rows("without", losses.without), ...rows("with", losses.withLeader)];
  } finally {
    await Promise.all(sites.flatMap(({ nodes }) => nodes.map(end)));
    await cluster[Symbol.asyncDispose]();
  }
}

function rows(which: string, losses: readonly Loss[]): BenchRow[] {
  const jobs = losses.flatMap(({ jobsMs }) => jobsMs);
  const ledger = losses.map(({ ledgerMs }) => ledgerMs);
  const what = { unit: "ms", peerName: "an append, acknowledged again after" };
  const metric = `loss of a site ${which} the ledger's leader, until a job is claimed elsewhere`;
  const worst = benchRow(
    { metric: `the same, the worst of ${jobs.length} jobs`, ...what },
    [Math.max(...jobs)],
    [Math.max(...ledger)],
  );
  return [benchRow({ metric, ...what }, jobs, ledger), { ...worst, runs: losses.length }];
}

const siteOf = (index: number): string => `site-${"abc"[index]}`;

async function startNodes(
  { urls }: TestNatsCluster,
  index: number,
  ledger: BenchLedger,
): Promise<readonly ChildProcess[]> {
  const file = fileURLToPath(new URL("./failover-node.ts", import.meta.url));
  const servers = [...urls.slice(index), ...urls.slice(0, index)].join(",");
  const names = Array.from({ length: nodesPerSite }, (_, node) => `${"abc"[index]}${node + 1}`);
  const joins = names.map(ledger.joins);
  const nodes = names.map((name) =>
    fork(file, [servers, name, siteOf(index)], { stdio: ["ignore", "ignore", "inherit", "ipc"] }),
  );
  await ledger.until(() => names.every((name, node) => ledger.joins(name) > joins[node]!), limitMs);
  await systemClock.wait(heardAfterMs);
  return nodes;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function loseOne(cluster: TestNatsCluster, sites: readonly Site[], isWith: boolean): Promise<Loss> {
  const leader = cluster.servers.indexOf((await cluster.leaderOf(ledgerStream.name, limitMs))!);
  const lost = isWith ? leader : (leader + 1) % siteCount;
  const left = cluster.urls.filter((_, index) => index !== lost);
  const ledgers = await Promise.all(left.map((url) => benchLedger(url, siteCount)));
  const [ledger] = ledgers as [BenchLedger];
  const jobs = await Promise.all(Array.from({ length: jobsPerLoss }, () => ledger.request(longMs)));
  const claims = await Promise.all(jobs.map(async (job) => (await ledger.claimOf(job, 0, limitMs)).node));
  const held = jobs.filter((_, index) => claims[index]!.startsWith("abc"[lost]!));
  const killedMs = performance.now();
  await Promise.all([cluster.servers[lost]!.kill9(), ...sites[lost]!.nodes.map(end)]);
  const appended = ledger.request(0).then(() => performance.now() - killedMs);
  const claimed = held.map((job) => Promise.any(ledgers.map((one) => claimElsewhere(one, job, lost))));
  const jobsMs = (await Promise.all(claimed)).map((atMs) => atMs - killedMs);
  const ledgerMs = await appended;
  for (const job of jobs) await ledger.cancel(job);
  await cluster.servers[lost]!.restart();
  await everyMemberCurrent(cluster);
  sites[lost]!.nodes = await startNodes(cluster, lost, ledger);
  for (const one of ledgers) await one.close();
  return { jobsMs, ledgerMs };
}

async function claimElsewhere(ledger: BenchLedger, job: JobId, lost: number): Promise<number> {
  const elsewhere = () => ledger.claimsOf(job).find(({ node }) => !node.startsWith("abc"[lost]!));
  await ledger
    .until(() => elsewhere() !== undefined, limitMs)
    .catch((error: unknown) => {
      const heard = ledger
        .eventsOf(job)
        .map((event) => ("node" in event ? `${event.type} ${event.node}` : event.type));
      throw new Error(`job ${job} stayed at the lost site: ${heard.join(", ")}`, { cause: error });
    });
  return elsewhere()!.atMs;
}

/** Before the next loss: else two of three would be missing what was appended meanwhile. */
async function everyMemberCurrent({ urls }: TestNatsCluster): Promise<void> {
  const untilMs = performance.now() + limitMs;
  while (performance.now() < untilMs) {
    const members = await ledgerMembers({ servers: urls, name: "bench" }, ledgerStream.name).catch(() => []);
    if (members.length === siteCount && members.every(({ current, offline }) => current && !offline)) return;
    await systemClock.wait(100);
  }
  throw new Error(`the ledger's servers did not come together within ${limitMs} ms`);
}
