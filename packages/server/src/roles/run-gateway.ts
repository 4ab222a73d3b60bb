/** A gateway: objects come in, the ledger learns of them, studies settle, jobs are requested, results are delivered. */
import { join } from "node:path";
import { catalogue } from "@releve/apps/catalogue";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { steadyClock, systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { SiteId } from "@releve/domain/ids";
import { confirmedObjects } from "@releve/gateway/delivery/confirmed-objects";
import { performAction } from "@releve/gateway/flow/perform-action";
import { runFlow } from "@releve/gateway/flow/run-flow";
import { keepRunning, type Part } from "@releve/gateway/keep-running";
import { listOrphans } from "@releve/gateway/orphans/list-orphans";
import { runReplication } from "@releve/gateway/replicate/run-replication";
import { recordSites } from "@releve/gateway/sites/record-sites";
import { compareObjects } from "@releve/gateway/study/compare-objects";
import { fileCheckpoint } from "@releve/gateway/study/checkpoint";
import { publishJournal } from "@releve/gateway/study/publish-journal";
import type { StudyState } from "@releve/ledger/deciders/study";
import type { EventLog } from "@releve/ledger/event-log";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { Snapshots } from "@releve/ledger/fold";
import { openSnapshotStore } from "@releve/ledger/snapshots/snapshot-store";
import { studySnapshot } from "@releve/ledger/snapshots/study-snapshot";
import { objectsOf } from "@releve/store/site-copy";
import type { SettingsOf } from "../config/settings.ts";
import { openDoors, type Doors } from "./doors.ts";
import { failpointOf } from "./failpoint.ts";
import { watchCluster, type ClusterWatch } from "./watch-cluster.ts";
import { logFault, type RoleLog } from "./log.ts";
import { mergeLedgers } from "./merge-ledgers.ts";
import { openLedger } from "./open-ledger.ts";
import { recordLostNodes } from "./record-lost-nodes.ts";
import { siteFetch } from "./site-fetch.ts";

type Settings = SettingsOf<"gateway">;

export async function runGateway(
  settings: Settings,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const failpoint = failpointOf(settings.RELEVE_FAILPOINT_FILE, "gateway");
  const doors = await openDoors(settings, log, failpoint);
  ready();
  const onFault = logFault(log, "ledger");
  const ledger = await acceptableLedger(settings, onFault, signal);
  if (!ledger) return doors.close();
  const states = openSnapshotStore(join(settings.RELEVE_DATA_DIR, "snapshots.sqlite"), {
    onFault: (error) => log("snapshots", { code: "SNAPSHOTS_UNUSED", reason: String(error) }),
  });
  const snapshots = states.of(studySnapshot);
  const parts = async () => {
    const site = settings.RELEVE_SITE as SiteId;
    const watch = await watchCluster(settings, recordLostNodes(ledger, site, onFault));
    return [watch.run, ...partsOver({ settings, log, doors, ledger, snapshots, watch, failpoint, signal })];
  };
  try {
    await keepRunning(parts, { clock: systemClock, onFault }, signal);
  } finally {
    await doors.close();
    await ledger.close();
    states.close();
  }
}

const refusedPauseMs = 10_000;

/** A ledger that must not be used (too old a server, a restored one that nobody adopted) ends no door: images come in meanwhile. */
async function acceptableLedger(
  settings: Settings,
  onFault: (fault: Fault) => void,
  signal: AbortSignal,
): Promise<EventLog | undefined> {
  while (!signal.aborted) {
    try {
      return await openLedger(settings, `gateway:${settings.RELEVE_SITE}`, onFault, signal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      onFault(error);
      await systemClock.wait(refusedPauseMs, signal);
    }
  }
  return undefined;
}

type Running = {
  readonly settings: Settings;
  readonly log: RoleLog;
  readonly doors: Doors;
  readonly ledger: EventLog;
  readonly snapshots: Snapshots<StudyState>;
  readonly watch: ClusterWatch;
  readonly failpoint: (step: string) => void;
  readonly signal: AbortSignal;
};

function partsOver(running: Running): readonly Part[] {
  const { settings, log, doors, ledger, snapshots, watch, failpoint } = running;
  const site = settings.RELEVE_SITE as SiteId;
  const { store, journal } = doors.intake;
  const limits = { maxBytes: settings.RELEVE_MAX_OBJECT_BYTES + 1024 * 1024 };
  const objects = objectsOf(store, settings.RELEVE_OTHER_SITES, {
    ...siteFetch(settings),
    signal: running.signal,
    limits,
  });
  const parsed = async (object: StoredObject) => parseDicom(await objects.read(object.digest));
  const shared = { log: ledger, snapshots, clock: systemClock, site };
  const steady = { log: ledger, snapshots, clock: steadyClock, site, wallNowMs: () => systemClock.nowMs() };
  const perform = {
    ...shared,
    store,
    catalogue,
    destinations: settings.RELEVE_DESTINATIONS,
    readObject: objects.read,
    callingAeTitle: settings.RELEVE_AE_TITLE,
    admit: watch.admit,
    confirmed: confirmedObjects(),
  };
  const publish = {
    ...shared,
    journal,
    checkpoint: fileCheckpoint(join(settings.RELEVE_DATA_DIR, "published")),
    compare: async (recorded: StoredObject, received: StoredObject) =>
      compareObjects(await parsed(recorded), await parsed(received)),
    onFault: logFault(log, "publish"),
    failpoint,
  };
  return [
    (signal) => publishJournal(publish, signal),
    (signal) =>
      runFlow(
        {
          ...steady,
          policy: policyOf(settings),
          lostSites: watch.lostSites,
          observe: watch.observe,
          perform: (action, aborting) => performAction(perform, action, aborting),
          onFault: (action, fault) => logFault(log, action.kind)(fault),
          onUnread: (stream, why) => log("left alone", { code: "LEDGER_NOT_UNDERSTOOD", stream, why }),
        },
        signal,
      ),
    (signal) =>
      runReplication(
        {
          ...steady,
          lostSites: watch.lostSites,
          keep: objects.keep,
          failpoint,
          onFault: (study, fault) => log("replicate", { study, code: fault.code, reason: fault.message }),
          onBehind: (count) => log("replicate", { code: "ONE_SITE_ONLY", objects: count }),
        },
        signal,
      ),
    ...upkeepParts(running),
  ];
}

/** What nobody waits for: which sites there are, what lies in the store without a name, what other ledgers made void. */
function upkeepParts({ settings, log, doors, ledger, watch }: Running): readonly Part[] {
  const shared = { log: ledger, clock: steadyClock };
  const record = {
    ...shared,
    site: settings.RELEVE_SITE as SiteId,
    wallNowMs: systemClock.nowMs,
    mode: settings.RELEVE_SITE_MODE,
    safety: settings.RELEVE_SAFETY,
    silentSites: watch.silentSites,
    onFault: logFault(log, "sites"),
  };
  const orphans = {
    ...shared,
    store: doors.intake.store,
    nowMs: systemClock.nowMs,
    currentIndex: doors.intake.catalogue.current,
    onOrphans: (found: Readonly<Record<string, number | string>>) =>
      log("orphans", { code: "OBJECTS_UNNAMED", ...found }),
    onFault: logFault(log, "orphans"),
  };
  return [
    (signal) => recordSites(record, signal),
    (signal) => listOrphans(orphans, signal),
    (signal) => mergeLedgers(settings, ledger, log, signal),
  ];
}

const policyOf = (settings: Settings) => ({
  site: settings.RELEVE_SITE,
  settle: { silenceMs: settings.RELEVE_SETTLE_SILENCE_MS, limitMs: settings.RELEVE_SETTLE_LIMIT_MS },
  destinations: settings.RELEVE_DESTINATIONS.map((destination) => destination.name),
});
