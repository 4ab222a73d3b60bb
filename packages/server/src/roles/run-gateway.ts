/** A gateway: objects come in, the ledger learns of them, studies settle, jobs are requested, results are delivered. */
import { join } from "node:path";
import { catalogue } from "@releve/apps/catalogue";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { steadyClock, systemClock } from "@releve/domain/clock";
import type { Digest, SiteId } from "@releve/domain/ids";
import { performAction } from "@releve/gateway/flow/perform-action";
import { runFlow } from "@releve/gateway/flow/run-flow";
import { compareObjects } from "@releve/gateway/study/compare-objects";
import { fileCheckpoint } from "@releve/gateway/study/checkpoint";
import { publishJournal } from "@releve/gateway/study/publish-journal";
import type { StoredObject } from "@releve/ledger/events";
import { objectsOf } from "@releve/store/site-copy";
import type { SettingsOf } from "../config/settings.ts";
import { openDoors } from "./doors.ts";
import { logFault, type RoleLog } from "./log.ts";
import { openLedger } from "./open-ledger.ts";

export async function runGateway(
  settings: SettingsOf<"gateway">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const site = settings.RELEVE_SITE as SiteId;
  const doors = await openDoors(settings, log);
  ready();
  const onFault = logFault(log, "ledger");
  const name = `gateway:${site}`;
  const ledger = await openLedger(settings, name, onFault, signal);
  if (!ledger) return doors.close();
  const { store, journal } = doors.intake;
  const objects = objectsOf(store, settings.RELEVE_OTHER_SITES);
  const readObject = (digest: Digest) => objects.read(digest);
  const destinations = settings.RELEVE_DESTINATIONS;
  const shared = { log: ledger, clock: systemClock, site };
  const perform = {
    ...shared,
    store,
    catalogue,
    destinations,
    readObject,
    callingAeTitle: settings.RELEVE_AE_TITLE,
  };
  const parsed = async (object: StoredObject) => parseDicom(await readObject(object.digest));
  const policy = {
    site,
    settle: { silenceMs: settings.RELEVE_SETTLE_SILENCE_MS, limitMs: settings.RELEVE_SETTLE_LIMIT_MS },
    destinations: destinations.map((destination) => destination.name),
  };
  try {
    await Promise.all([
      publishJournal(
        {
          ...shared,
          journal,
          checkpoint: fileCheckpoint(join(settings.RELEVE_DATA_DIR, "published")),
          compare: async (recorded, received) =>
            compareObjects(await parsed(recorded), await parsed(received)),
          onFault: logFault(log, "publish"),
        },
        signal,
      ),
      runFlow(
        {
          log: ledger,
          clock: steadyClock,
          policy,
          lostSites: () => new Map(),
          onUnread: (stream, why) => log("left alone", { code: "LEDGER_NOT_UNDERSTOOD", stream, why }),
          perform: (action, aborting) => performAction(perform, action, aborting),
          onFault: (action, fault) => logFault(log, action.kind)(fault),
        },
        signal,
      ),
    ]);
  } finally {
    await doors.close();
    await ledger.close();
  }
}
