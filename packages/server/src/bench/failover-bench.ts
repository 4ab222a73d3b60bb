/**
 * How long a job waits when its node dies, and whether a node that was stopped can still finish what it lost.
 *
 * kill -9: three nodes in processes of their own (two of them observe and take over), one nats-server with fsync at each
 * commit, a slot free at each node. Measured in this process, from the signal to the claim of another node as the ledger
 * tells it. The peer is a work queue of the same nats-server with an ack_wait of 30 s, its default: the time that a message
 * whose taker is gone stays with it. It is one run of several messages: the time is the setting.
 *
 * Stopped: 200 claims of a node in this process whose job is then given to another, completed late by the decider, and by
 * an append that skips the decider; and some real processes under SIGSTOP and SIGCONT.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { systemClock } from "@releve/domain/clock";
import type { JobEvent } from "@releve/ledger/events/job";
import { startNats } from "@releve/testkit/nats/nats-server";
import { benchRow, type BenchRow } from "./bench-row.ts";
import { benchLedger, type BenchLedger } from "./failover-ledger.ts";
import { refusedOfZombies } from "./failover-zombies.ts";
import { redeliveryMs } from "./work-queue-peer.ts";

const kills = 50;
const stops = 10;
const zombies = 200;
/** Longer than any run: a job ends when the run is over. */
const longMs = 120_000;
const limitMs = 30_000;

const names = ["a1", "b1", "c1"] as const;
type Node = { readonly name: string; readonly child: ChildProcess; readonly said: string[] };

export async function failoverBench(): Promise<BenchRow[]> {
  const nats = await startNats();
  const nodes = new Map<string, Node>();
  try {
    const ledger = await benchLedger(nats.url);
    for (const name of names) nodes.set(name, await startNode(nats.url, name, ledger));
    const gaps: number[] = [];
    for (let run = 0; run < kills; run++) gaps.push(await killOne(nats.url, nodes, ledger));
    let refusedStops = 0;
    for (let run = 0; run < stops; run++) refusedStops += Number(await stopOne(nodes, ledger));
    for (const { child } of nodes.values()) await end(child);
    const refused = await refusedOfZombies(zombies, ledger);
    const peer = await redeliveryMs(nats.url);
    await ledger.close();
    return rows(gaps, peer, refused, refusedStops);
  } finally {
    for (const { child } of nodes.values()) await end(child);
    await nats[Symbol.asyncDispose]();
  }
}

function rows(
  gaps: readonly number[],
  peer: readonly number[],
  refused: number,
  refusedStops: number,
): BenchRow[] {
  const sorted = gaps.toSorted((a, b) => a - b);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
  const gap = { unit: "ms", peerName: "JetStream work queue, ack_wait 30 s" };
  return [
    benchRow({ metric: "kill -9 of a node until its job is claimed elsewhere", ...gap }, gaps, peer),
    { ...benchRow({ metric: `the same, p99 of ${gaps.length}`, ...gap }, [p99], peer), runs: gaps.length },
    counted(`late completions refused, in-process nodes`, refused, zombies),
    counted("SIGSTOP and SIGCONT: the job ends once, by the other", refusedStops, stops),
  ];
}

function counted(metric: string, count: number, runs: number): BenchRow {
  const none = { peerName: "a plain lease", withoutPeer: "has no token that could be refused" };
  return { ...benchRow({ metric, unit: `of ${runs}`, ...none }, [count], []), runs };
}

async function startNode(url: string, name: string, ledger: BenchLedger): Promise<Node> {
  const file = fileURLToPath(new URL("./failover-node.ts", import.meta.url));
  const joins = ledger.joins(name);
  const child = fork(file, [url, name, `site-${name[0]}`], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const said: string[] = [];
  child.on("message", (message) => void (typeof message === "string" && said.push(message)));
  await ledger.until(() => ledger.joins(name) > joins && said.includes("ready"), limitMs);
  // Its observers must have heard it, and it them: a second, which the liveness needs to trust its ears.
  await systemClock.wait(1_500);
  return { name, child, said };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function killOne(url: string, nodes: Map<string, Node>, ledger: BenchLedger): Promise<number> {
  const job = await ledger.request(longMs);
  const { node } = await ledger.claimOf(job, 0, limitMs);
  const victim = nodes.get(node)!;
  const killedMs = performance.now();
  victim.child.kill("SIGKILL");
  const { atMs } = await ledger.claimOf(job, 1, limitMs);
  await ledger.cancel(job);
  await end(victim.child);
  nodes.set(node, await startNode(url, node, ledger));
  return atMs - killedMs;
}

/** Stopped while it computes, it wakes when its job has another holder, and finishes: that must count for nothing. */
async function stopOne(nodes: Map<string, Node>, ledger: BenchLedger): Promise<boolean> {
  const job = await ledger.request(3_000);
  const { node } = await ledger.claimOf(job, 0, limitMs);
  const { child } = nodes.get(node)!;
  child.kill("SIGSTOP");
  const second = await ledger.claimOf(job, 1, limitMs);
  child.kill("SIGCONT");
  await ledger.until(() => ledger.eventsOf(job).some(({ type }) => type === "JobCompleted"), limitMs);
  await systemClock.wait(1_500); // for what the woken node might still say
  const ends = ledger.eventsOf(job).filter((event): event is Completed => event.type === "JobCompleted");
  return ends.length === 1 && ends[0]!.node === second.node && ends[0]!.token.version === second.version;
}

type Completed = Extract<JobEvent, { type: "JobCompleted" }>;
