/** A reconstruction node: kernels, heartbeats, the loop that claims and computes. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { catalogue } from "@releve/apps/catalogue";
import { refusedApplications, selfTestsOf } from "@releve/apps/self-tests";
import { steadyClock, systemClock } from "@releve/domain/clock";
import type { Digest, NodeId, SiteId } from "@releve/domain/ids";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { runSelfTests } from "@releve/kernels/self-test/self-test";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { newTransferMeter, type TransferMeter } from "@releve/ledger/dispatch/transfer-meter";
import type { JobRequest } from "@releve/ledger/events/job";
import { NodeLoop } from "@releve/recon/node-loop";
import type { NodeLoopDeps } from "@releve/recon/node-loop-deps";
import { preStageInputs } from "@releve/recon/pre-stage";
import { runAttempt } from "@releve/recon/run-attempt";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { processKey } from "@releve/wire/heartbeat";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import type { Liveness } from "@releve/wire/liveness";
import type { SettingsOf } from "../config/settings.ts";
import { version } from "../version.ts";
import { failpointOf, type Failpoint } from "./failpoint.ts";
import { logFault, type RoleLog } from "./log.ts";
import { aliveNodes, hearsItself, isHeardElsewhere, unheard, unheardMs } from "@releve/recon/heard-nodes";
import { tellLoop } from "./node-observer.ts";
import { natsLink, openLedger } from "./open-ledger.ts";
import { openSessionDoor } from "./session-door.ts";
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
  const selfTest = await testItself(runner, log);
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
  beats.update({ busy: settings.RELEVE_SLOTS }); // until the loop says otherwise
  const transfers = newTransferMeter(steadyClock);
  const loop = new NodeLoop({
    log: ledger,
    clock: steadyClock,
    self,
    slots: settings.RELEVE_SLOTS,
    engine: runner.engine,
    memoryBytes: settings.RELEVE_MEMORY_BYTES,
    aliveNodes: () => aliveNodes(listener.liveness()),
    hearsItself: () => hearsItself(listener.liveness(), steadyClock.nowMs()),
    isHeardElsewhere: (start) => isHeardElsewhere(listener.liveness(), start, steadyClock.nowMs()),
    selfTest,
    bandwidth: transfers.bandwidth,
    ...workOf({ settings, store, runner, failpoint, transfers }),
    report: (now) => beats.update(now),
    onFault: logFault(log, "ledger"),
  });
  const listener = await listenToHeartbeats({
    ...link,
    own: { ...self, sender: beats },
    onChange: (change) => tellLoop(loop, change, log),
  });
  const looking = setInterval(() => giveUpUnheard(loop, listener.liveness()), lookForUnheardEveryMs);
  const sessions = await openSessionDoor(settings, store, beats, log);
  await beats.beating;
  ready();
  let inOrder = false;
  try {
    await loop.run(signal);
    inOrder = true;
  } finally {
    clearInterval(looking);
    await Promise.all([sessions.close(), beats.stop(inOrder), listener.stop(), runner.close()]);
    await ledger.close();
  }
}

/** Before it claims anything. A kernel that is wrong is told to the log here, and to the ledger with the join. */
async function testItself(runner: KernelRunner, log: RoleLog) {
  const kernels = await runSelfTests(runner, selfTestsOf(catalogue));
  for (const { kernel, ok, engine } of kernels)
    if (!ok) log("a kernel is out of tolerance", { kernel, engine });
  return { kernels, refusedOf: (results: typeof kernels) => refusedApplications(catalogue, results) };
}

const lookForUnheardEveryMs = 5_000;

function giveUpUnheard(loop: NodeLoop, liveness: Liveness): void {
  const nowMs = steadyClock.nowMs();
  for (const holder of unheard(loop.holders(unheardMs), liveness, nowMs))
    void loop.nodeLost(
      holder,
      nowMs - (liveness.nodes.get(processKey(holder))?.lastBeatMs ?? liveness.trustedSinceMs),
    );
}

type Work = {
  readonly settings: SettingsOf<"recon">;
  readonly store: ObjectStore;
  readonly runner: KernelRunner;
  readonly failpoint: Failpoint;
  readonly transfers: TransferMeter;
};

/** What a node does for a job: computes it, or makes its inputs local in advance. */
function workOf({ settings, store, runner, failpoint, transfers }: Work) {
  const bySite = siteFetch(settings);
  const own = settings.RELEVE_SITE as SiteId;
  const reading = (job: JobRequest, signal: AbortSignal) => {
    const { read } = objectsOf(store, settings.RELEVE_OTHER_SITES, { ...bySite, signal });
    return measuredRead(store, read, () => transfers.begin(job.inputSite, own));
  };
  const attempt: NodeLoopDeps["attempt"] = (job, signal, onProgress) => {
    failpoint("attempt", `${job.application} of ${job.study}`);
    const deps = {
      readObject: reading(job, signal),
      store,
      runner,
      clock: systemClock,
      volumeBudgetBytes: settings.RELEVE_VOLUME_BUDGET_BYTES,
      softwareVersion: version,
    };
    return runAttempt(deps, job, signal, onProgress);
  };
  const spareBytes = sparedTimes * settings.RELEVE_MIN_FREE_BYTES;
  const preStage: NodeLoopDeps["preStage"] = (job, signal) =>
    preStageInputs({ store, readObject: reading(job, signal), clock: systemClock, spareBytes }, job, signal);
  return { attempt, preStage };
}

/** What is fetched in advance leaves so many times the free disk that the store keeps. */
const sparedTimes = 4;

/** Tells the meter of what came from another site. */
function measuredRead(
  store: ObjectStore,
  read: (digest: Digest) => Promise<Uint8Array>,
  begin: () => (bytes: number) => void,
): (digest: Digest) => Promise<Uint8Array> {
  return async (digest) => {
    if (await store.has(digest)) return read(digest);
    const end = begin();
    let bytes = 0;
    try {
      const object = await read(digest);
      bytes = object.byteLength;
      return object;
    } finally {
      end(bytes);
    }
  };
}
