/** The listener for the other sites, where the settings ask for one of its own. */
import { siteDoor } from "@releve/gateway/doors/site-door";
import type { ObjectStore } from "@releve/store/object-store";
import { tlsFilesOf } from "../config/production-rules.ts";
import type { SettingsOf } from "../config/settings.ts";
import { mayReadObjects } from "../identities/admitted-peers.ts";
import { logFault, type RoleLog } from "./log.ts";

/** An archive has none. */
export type SiteDoorSettings = Parameters<typeof tlsFilesOf>[0] &
  Partial<Pick<SettingsOf<"gateway">, "RELEVE_SITE_HOST" | "RELEVE_SITE_PORT">>;

/** @returns what closes it, or undefined where the other sites use the HTTP listener. */
export async function openSiteDoor(
  settings: SiteDoorSettings,
  store: ObjectStore,
  log: RoleLog,
): Promise<(() => Promise<void>) | undefined> {
  const tls = tlsFilesOf(settings);
  const port = settings.RELEVE_SITE_PORT ?? 0;
  if (!tls || port === 0) return undefined;
  const door = siteDoor({ store, tls, admits: mayReadObjects, onFault: logFault(log, "site door") });
  await door.listen({ host: settings.RELEVE_SITE_HOST ?? "127.0.0.1", port });
  return async () => {
    door.server.closeAllConnections();
    await door.close();
  };
}
