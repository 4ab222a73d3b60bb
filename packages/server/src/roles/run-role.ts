/** Starts one role in this process: settings checked, ready told to the supervisor, ended by signal. */
import { flushCompileCache } from "node:module";
import { isRefusal } from "@releve/domain/refusal";
import { processEnvironment, readSettings } from "../config/read-settings.ts";
import type { Role } from "../config/settings.ts";
import { logFault, roleLog, type RoleLog } from "./log.ts";
import { runApi } from "./run-api.ts";
import { runArchive } from "./run-archive.ts";
import { runGateway } from "./run-gateway.ts";
import { runIdentity } from "./run-identity.ts";
import { runRecon } from "./run-recon.ts";
import { shutdownSignal } from "./shutdown.ts";

type Run<Settings> = (
  settings: Settings,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
) => Promise<void>;

/** @returns the exit code. */
export async function runRole(role: Role): Promise<number> {
  switch (role) {
    case "gateway":
      return start(role, readSettings(role, processEnvironment()), runGateway);
    case "archive":
      return start(role, readSettings(role, processEnvironment()), runArchive);
    case "recon":
      return start(role, readSettings(role, processEnvironment()), runRecon);
    case "api":
      return start(role, readSettings(role, processEnvironment()), runApi);
    case "identity":
      return start(role, readSettings(role, processEnvironment()), runIdentity);
  }
}

async function start<Settings extends { readonly RELEVE_SITE: string; readonly RELEVE_NODE?: string }>(
  role: Role,
  settings: Settings | { readonly refused: string; readonly reason: string },
  run: Run<Settings>,
): Promise<number> {
  if (isRefusal(settings)) {
    process.stderr.write(`${settings.reason}\n`);
    return 2;
  }
  const log = roleLog(role, settings.RELEVE_NODE ?? settings.RELEVE_SITE);
  const signal = shutdownSignal();
  try {
    await run(settings, log, signal, () => {
      flushCompileCache(); // one that is killed later writes nothing
      process.send?.("ready");
    });
    return 0;
  } catch (error) {
    logFault(log, "stopped")(error);
    return 1;
  } finally {
    if (process.connected) process.disconnect(); // the channel to the supervisor would keep the process alive
  }
}
