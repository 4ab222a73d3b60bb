/** Reads one role's settings from an environment, all faults reported at once. The only reader of `process.env` besides the set-up. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { TlsFiles } from "@releve/domain/tls-files";
import { settingsOf, type Role, type SettingsOf } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** @returns frozen settings, or a refusal whose reason names every bad variable (never its value: it may be a secret). */
export function readSettings<R extends Role>(role: R, environment: Environment): SettingsOf<R> | Refusal {
  const parsed = settingsOf[role].safeParse(environment);
  if (parsed.success) return Object.freeze(parsed.data) as SettingsOf<R>;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  return refusal("CONFIGURATION_INVALID", `${role} cannot start:\n  ${faults.join("\n  ")}`);
}

export const processEnvironment = (): Environment => process.env;

/** What a child process needs of its parent's environment, and nothing else: settings come from its plan alone. */
export function inheritedEnvironment(): Environment {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE };
}

/** Where the set-up found nats-server, or its name for the PATH to resolve. */
export const natsServerBinary = (): string => process.env["RELEVE_NATS_SERVER"] ?? "nats-server";

/** The ledger of the running cluster, for commands that act on it; undefined: the embedded default's. */
export function ledgerSetting():
  | {
      readonly servers: readonly string[];
      readonly replicas: number;
      /** Other ledgers that are copied to these servers. */
      readonly copies: readonly string[];
      readonly tls?: TlsFiles;
    }
  | undefined {
  const { RELEVE_NATS_URL, RELEVE_LEDGER_REPLICAS, RELEVE_LEDGER_COPIES = "" } = process.env;
  const { RELEVE_TLS_CERT, RELEVE_TLS_KEY, RELEVE_TLS_CA } = process.env;
  if (RELEVE_NATS_URL === undefined) return undefined;
  const link = {
    servers: RELEVE_NATS_URL.split(","),
    replicas: Number(RELEVE_LEDGER_REPLICAS ?? 1),
    copies: RELEVE_LEDGER_COPIES.split(",").filter((name) => name !== ""),
  };
  if (!RELEVE_TLS_CERT || !RELEVE_TLS_KEY || !RELEVE_TLS_CA) return link;
  return { ...link, tls: { certFile: RELEVE_TLS_CERT, keyFile: RELEVE_TLS_KEY, caFile: RELEVE_TLS_CA } };
}
