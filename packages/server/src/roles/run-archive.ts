/** An archive: the same doors as a gateway, and nothing behind them. It stands for the hospital's PACS in the embedded default. */
import type { SettingsOf } from "../config/settings.ts";
import { openDoors } from "./doors.ts";
import type { RoleLog } from "./log.ts";
import { aborted } from "./shutdown.ts";

export async function runArchive(
  settings: SettingsOf<"archive">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const doors = await openDoors(settings, log);
  ready();
  await aborted(signal);
  await doors.close();
}
