/** The ledger, waited for as long as it takes: what must not wait for it (an image at the door) is served meanwhile. */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import type { SettingsOf } from "../config/settings.ts";
import { failpointOf, logWithSteps } from "./failpoint.ts";

/** What every role that reads or writes the ledger is told of it. */
export type LedgerSettings = Pick<
  SettingsOf<"recon">,
  "RELEVE_SITE" | "RELEVE_DATA_DIR" | "RELEVE_NATS_URL" | "RELEVE_LEDGER_REPLICAS" | "RELEVE_FAILPOINT_FILE"
>;

/** How to reach NATS: for the ledger and for heartbeats alike. `name` is the process, as the server's log shall name it. */
export function natsLink(settings: LedgerSettings, name: string) {
  return { servers: settings.RELEVE_NATS_URL, name };
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
  while (!signal.aborted) {
    try {
      const log = await openJetStreamLog({ ...natsLink(settings, name), stream });
      return logWithSteps(log, failpointOf(settings.RELEVE_FAILPOINT_FILE, name.split(":")[0]!));
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      onFault(error);
      await systemClock.wait(retryPauseMs, signal);
    }
  }
  return undefined;
}
