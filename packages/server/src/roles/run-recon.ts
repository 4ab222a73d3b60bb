/** A reconstruction node: kernels, heartbeats, the loop that claims and computes. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { openKernelRunner } from "@releve/kernels/gpu-js-runner";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { NodeLoop, type NodeLoopDeps } from "@releve/recon/node-loop";
import { runAttempt } from "@releve/recon/run-attempt";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import type { SettingsOf } from "../config/settings.ts";
import { version } from "../version.ts";
import { failpointOf, type Failpoint } from "./failpoint.ts";
import { logFault, type RoleLog } from "./log.ts";
import { aliveNodes, tellLoop } from "./node-observer.ts";
import { natsLink, openLedger } from "./open-ledger.ts";
import { siteFetch } from "./site-fetch.ts";

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
  const bySite = siteFetch(settings);
  return (job, signal, onProgress) => {
    failpoint("attempt", `${job.application} of ${job.study}`);
    const { read: readObject } = objectsOf(store, settings.RELEVE_OTHER_SITES, { ...bySite, signal });
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
