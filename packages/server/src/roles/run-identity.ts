/** The embedded identity provider: for one machine, on its loopback. A hospital has its own, and this is then not started. */
import { startEmbeddedProvider } from "@releve/access/embedded/embedded-provider";
import { prepareProvider } from "@releve/access/embedded/prepare-provider";
import type { SettingsOf } from "../config/settings.ts";
import type { RoleLog } from "./log.ts";
import { aborted } from "./shutdown.ts";

export async function runIdentity(
  settings: SettingsOf<"identity">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const dir = settings.RELEVE_DATA_DIR;
  const clients = settings.RELEVE_IDENTITY_CLIENTS.map(({ id, consoleUrl }) => ({
    id,
    ...(consoleUrl !== undefined && { consoleUrl }),
  }));
  const shown = await prepareProvider(
    dir,
    clients.map(({ id }) => id),
  );
  // Who prepares it first is shown them; a log is no place for passwords.
  if (shown.length > 0) log("users were made: `releve users reset` draws passwords and shows them");
  const { close } = await startEmbeddedProvider({ dir, port: settings.RELEVE_HTTP_PORT, clients });
  ready();
  await aborted(signal);
  await close();
}
