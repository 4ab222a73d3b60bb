/** The doors that a gateway and an archive have in common: intake, DICOM listener, HTTP listener. */
import { loopbackPeers } from "@releve/gateway/intake/admission";
import { openIntake, type Intake } from "@releve/gateway/intake/open-intake";
import { openDimseDoor } from "@releve/gateway/doors/dimse-door";
import { webDoor } from "@releve/gateway/doors/web-door";
import { admitPeers } from "@releve/domain/admit-peers";
import { mayUseDicomWeb } from "../identities/admitted-peers.ts";
import type { SettingsOf } from "../config/settings.ts";
import { noFailpoint, type Failpoint } from "./failpoint.ts";
import { listenerTls } from "./listener-tls.ts";
import { logFault, type RoleLog } from "./log.ts";
import { openSiteDoor, type SiteDoorSettings } from "./open-site-door.ts";

export type Doors = { readonly intake: Intake; readonly close: () => Promise<void> };

/** Associations in flight have this long to end before they are aborted. */
const closeWithinMs = 3_000;

/** Nobody knows what of the journal is on disk: only opening it again tells, so the process ends and is started anew. */
function endProcess(fault: Error): void {
  queueMicrotask(() => {
    throw fault;
  });
}

export async function openDoors(
  settings: SettingsOf<"archive"> & SiteDoorSettings,
  log: RoleLog,
  failpoint: Failpoint = noFailpoint,
): Promise<Doors> {
  const intake = await openIntake({
    dir: settings.RELEVE_DATA_DIR,
    minFreeBytes: settings.RELEVE_MIN_FREE_BYTES,
    maxObjectBytes: settings.RELEVE_MAX_OBJECT_BYTES,
    nowMs: () => Date.now(),
    failpoint,
    onFault: (fault) => {
      logFault(log, "intake")(fault);
      if (fault.code === "JOURNAL_FAILED") endProcess(fault);
    },
    onUnreadable: (digest) => log("index", { code: "UNREADABLE", digest }),
  });
  const tls = listenerTls(settings, settings.RELEVE_DIMSE_HOST);
  const scp = await openDimseDoor(intake, {
    ...(tls ? { tls } : {}),
    host: settings.RELEVE_DIMSE_HOST,
    port: settings.RELEVE_DIMSE_PORT,
    aeTitle: settings.RELEVE_AE_TITLE,
    peers: settings.RELEVE_PEERS.length > 0 ? settings.RELEVE_PEERS : loopbackPeers,
    limits: {
      maxAssociations: settings.RELEVE_MAX_ASSOCIATIONS,
      maxPduBytes: settings.RELEVE_MAX_PDU_BYTES,
      idleMs: settings.RELEVE_IDLE_MS,
    },
  });
  const closeSiteDoor = await openSiteDoor(settings, intake.store, log);
  const toAll = closeSiteDoor === undefined;
  const web = webDoor(intake, logFault(log, "http"), toAll, listenerTls(settings, settings.RELEVE_HTTP_HOST));
  admitPeers(web.server, mayUseDicomWeb);
  await web.listen({ host: settings.RELEVE_HTTP_HOST, port: settings.RELEVE_HTTP_PORT });
  return {
    intake,
    close: async () => {
      await Promise.all([scp.close(closeWithinMs), web.close(), closeSiteDoor?.()]);
      await intake.close();
    },
  };
}
