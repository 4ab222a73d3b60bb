/** The API of a site: the ledger's views, live nodes, pictures and the console. */
import { join } from "node:path";
import { startApi } from "@releve/api/start-api";
import { openObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import type { SettingsOf } from "../config/settings.ts";
import { logFault, type RoleLog } from "./log.ts";
import { natsLink, openLedger } from "./open-ledger.ts";
import { aborted } from "./shutdown.ts";

export async function runApi(
  settings: SettingsOf<"api">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const name = `api:${settings.RELEVE_SITE}`;
  const onFault = logFault(log, "ledger");
  const ledger = await openLedger(settings, name, onFault, signal);
  if (!ledger) return;
  const listener = await listenToHeartbeats(natsLink(settings, name));
  const dir = join(settings.RELEVE_DATA_DIR, "store");
  const store = await openObjectStore({ dir, minFreeBytes: settings.RELEVE_MIN_FREE_BYTES });
  const objects = objectsOf(store, settings.RELEVE_OTHER_SITES);
  const api = await startApi({
    host: settings.RELEVE_HTTP_HOST,
    port: settings.RELEVE_HTTP_PORT,
    consoleDir: settings.RELEVE_CONSOLE_DIR,
    log: ledger,
    readObject: objects.read,
    nodes: () => [...listener.liveness().nodes.values()].map(({ beat, status }) => ({ ...beat, status })),
  });
  ready();
  try {
    await Promise.race([aborted(signal), api.following]);
  } finally {
    await Promise.all([api.close(), listener.stop()]);
    await ledger.close();
  }
}
