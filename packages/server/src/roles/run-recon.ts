/** A reconstruction node: kernels, heartbeats, the loop that claims and computes. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { openKernelRunner } from "@releve/kernels/gpu-js-runner";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { NodeLoop, type NodeLoopDeps } from "@releve/recon/node-loop";
import { runAttempt } from "@releve/recon/run-attempt";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import type { LivenessChange } from "@releve/wire/liveness";
import type { SettingsOf } from "../config/settings.ts";
import { version } from "../version.ts";
import { failpointOf, type Failpoint } from "./failpoint.ts";
import { logFault, type RoleLog } from "./log.ts";
import { natsLink, openLedger } from "./open-ledger.ts";

export async function runRecon(
  settings: SettingsOf<"recon">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const self = {
    node: settings.RELEVE_NODE as NodeId,
    site: settings.RELEVE_SITE as SiteId,
    incarnation: randomUUID(),
  };
  const failpoint = failpointOf(settings.RELEVE_FAILPOINT_FILE, "node");
  const name = `node:${self.node}`;
  const link = natsLink(settings, name);
  const ledger = await openLedger(settings, name, logFault(log, "ledger"), signal);
  if (!ledger) return;
  const runner = await openKernelRunner({ engine: settings.RELEVE_ENGINE, threads: settings.RELEVE_THREADS });
  const store = await openObjectStore({
    dir: join(settings.RELEVE_DATA_DIR, "store"),
    minFreeBytes: settings.RELEVE_MIN_FREE_BYTES,
    failpoint,
  });
  const beats = startHeartbeats({
    ...self,
    ...link,
    kind: "recon",
    slots: settings.RELEVE_SLOTS,
    memoryBytes: settings.RELEVE_MEMORY_BYTES,
    engine: runner.engine,
  });
  const loop = new NodeLoop({
    log: ledger,
    clock: systemClock,
    self,
    slots: settings.RELEVE_SLOTS,
    engine: runner.engine,
    memoryBytes: settings.RELEVE_MEMORY_BYTES,
    aliveNodes: () => aliveNodes(listener.liveness()),
    attempt: attemptOf(settings, store, runner, failpoint),
    report: (now) => beats.update(now),
    onFault: logFault(log, "ledger"),
  });
  const listener = await listenToHeartbeats({
    ...link,
    own: { ...self, sender: beats },
    onChange: (change) => tellLoop(loop, change, log),
  });
  await beats.beating;
  ready();
  try {
    await loop.run(signal);
  } finally {
    await Promise.all([beats.stop(), listener.stop(), runner.close()]);
    await ledger.close();
  }
}

function attemptOf(
  settings: SettingsOf<"recon">,
  store: ObjectStore,
  runner: KernelRunner,
  failpoint: Failpoint,
): NodeLoopDeps["attempt"] {
  return (job, signal, onProgress) => {
    failpoint("attempt", `${job.application} of ${job.study}`);
    const { read: readObject } = objectsOf(store, settings.RELEVE_OTHER_SITES, { signal });
    const volumeBudgetBytes = settings.RELEVE_VOLUME_BUDGET_BYTES;
    const deps = {
      readObject,
      store,
      runner,
      clock: systemClock,
      volumeBudgetBytes,
      softwareVersion: version,
    };
    return runAttempt(deps, job, signal, onProgress);
  };
}

type Heard = ReturnType<Awaited<ReturnType<typeof listenToHeartbeats>>["liveness"]>;

function aliveNodes(liveness: Heard) {
  return [...liveness.nodes.values()]
    .filter(({ status, beat }) => beat.kind === "recon" && (status === "alive" || status === "lagging"))
    .map(({ beat }) => ({
      node: beat.node as NodeId,
      site: beat.site as SiteId,
      freeSlots: beat.draining ? 0 : beat.slots - beat.busy,
      memoryBytes: beat.memoryBytes,
      engine: beat.engine,
    }));
}

function tellLoop(loop: NodeLoop, change: LivenessChange, log: RoleLog): void {
  if (change.kind !== "recon") return;
  const { to, from, incarnation, silentMs } = change;
  const node = { node: change.node as NodeId, site: change.site as SiteId, incarnation };
  if (from === "lost") loop.nodeReturned(node);
  if (to !== "lost") return;
  log("node lost", { node: change.node, silentMs });
  loop.nodeLost(node, silentMs).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    logFault(log, "node lost")(error);
  });
}
