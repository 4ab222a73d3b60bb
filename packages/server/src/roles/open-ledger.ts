/** The ledger, waited for as long as it takes: what must not wait for it (an image at the door) is served meanwhile. */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import type { ServersOptions } from "@releve/ledger/jetstream/connect-to-servers";
import { tlsFilesOf } from "../config/production-rules.ts";
import { identifiedLink } from "../identities/identified-link.ts";
import type { Identity } from "../identities/identity.ts";
import type { SettingsOf } from "../config/settings.ts";
import { markFileOf } from "./mark-file.ts";
import { failpointOf, logWithSteps } from "./failpoint.ts";

/** What every role that reads or writes the ledger is told of it. */
export type LedgerSettings = Pick<
  SettingsOf<"recon">,
  | "RELEVE_SITE"
  | "RELEVE_DATA_DIR"
  | "RELEVE_NATS_URL"
  | "RELEVE_LEDGER_REPLICAS"
  | "RELEVE_FAILPOINT_FILE"
  | "RELEVE_TLS_CERT"
  | "RELEVE_TLS_KEY"
  | "RELEVE_TLS_CA"
>;

/**
 * How to reach NATS: for the ledger and for heartbeats alike. `name` is the process, `KIND:NAME`, as the server's log shall
 * name it; a node has a name of its own, the others have their kind's at their site.
 */
export function natsLink(settings: LedgerSettings, name: string): ServersOptions {
  const tls = tlsFilesOf(settings);
  const link = { servers: settings.RELEVE_NATS_URL, name };
  return tls ? { ...link, ...identifiedLink(identityNamed(settings.RELEVE_SITE, name), tls) } : link;
}

function identityNamed(site: string, name: string): Identity {
  const [kind, own = ""] = name.split(":");
  if (kind === "node") return { kind, site, name: own };
  if (kind === "gateway" || kind === "api") return { kind, site, name: kind };
  throw new RangeError(`${name} is no process that the ledger knows`);
}

const retryPauseMs = 1_000;

/** @returns undefined when the signal was aborted first. @throws Fault that no waiting mends, such as a server that is too old. */
export async function openLedger(
  settings: LedgerSettings,
  name: string,
  onFault: (fault: Fault) => void,
  signal: AbortSignal,
): Promise<EventLog | undefined> {
  const stream = { ...ledgerStream, replicas: settings.RELEVE_LEDGER_REPLICAS };
  const markFile = markFileOf(settings.RELEVE_DATA_DIR, name);
  while (!signal.aborted) {
    try {
      const log = await openJetStreamLog({ ...natsLink(settings, name), stream, markFile });
      return logWithSteps(log, failpointOf(settings.RELEVE_FAILPOINT_FILE, name.split(":")[0]!));
    } catch (error) {
      if (!(error instanceof Fault) || !mayPass(error)) throw error;
      onFault(error);
      await systemClock.wait(retryPauseMs, signal);
    }
  }
  return undefined;
}

/** A restored ledger is waited for as well: a person may adopt it, and until then the door goes on receiving. */
const mayPass = ({ code, retry }: Fault): boolean => retry === "later" || code === "LEDGER_RESTORED";
