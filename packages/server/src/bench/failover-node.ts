/**
 * A node for the fail-over benchmarks, in a process of its own: the real loop, heartbeats and ledger, and jobs that only wait.
 * `node failover-node.ts URL[,URL ...] NODE SITE`, the nearest server first; the ledger has a replica at each. Says "ready" to
 * its parent when it is heard.
 */
import { randomUUID } from "node:crypto";
import { steadyClock, systemClock } from "@releve/domain/clock";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { NodeLoop } from "@releve/recon/node-loop";
import type { NodeLoopDeps } from "@releve/recon/node-loop-deps";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import { aliveNodes } from "@releve/recon/heard-nodes";
import { tellLoop } from "../roles/node-observer.ts";

/** How many jobs it holds at once: more than the benchmark gives, so that a slot is always free. */
const slots = 4;

/** Takes as long as the job's parameters say. */
const waitingAttempt: NodeLoopDeps["attempt"] = async (job, signal) => {
  const { forMs } = job.parameters as { readonly forMs: number };
  await systemClock.wait(forMs, signal);
  signal.throwIfAborted();
  return { outputs: [], pictures: [], engine: "wait", computeMs: forMs, remarks: [] };
};

async function run(servers: readonly string[], node: string, site: string): Promise<void> {
  const self = { node: node as NodeId, site: site as SiteId, incarnation: randomUUID() };
  const link = { servers, name: `node:${node}` };
  const log = await openJetStreamLog({ ...link, stream: { ...ledgerStream, replicas: servers.length } });
  const sender = startHeartbeats({ ...self, ...link, kind: "recon", slots });
  const loop = new NodeLoop({
    log,
    clock: steadyClock,
    self,
    slots,
    engine: "wait",
    memoryBytes: 1024 ** 3,
    aliveNodes: () => aliveNodes(listener.liveness()),
    attempt: waitingAttempt,
    report: (now) => sender.update(now),
    onFault: ({ code }) => process.send?.(code),
  });
  const listener = await listenToHeartbeats({
    ...link,
    own: { ...self, sender },
    onChange: (change) => tellLoop(loop, change, () => {}),
  });
  await sender.beating;
  process.send?.("ready");
  await loop.run(new AbortController().signal);
}

const [urls, node, site] = process.argv.slice(2) as [string, string, string];
process.once("disconnect", () => process.exit(0)); // the benchmark is gone
await run(urls.split(","), node, site);
