/** Finds the running system: by RELEVE_NATS_URL, or by what `start` wrote into its data folder. */
import { Fault } from "@releve/domain/fault";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { newEventIndex, type EventIndex } from "@releve/ledger/views/event-index";
import { natsUrlSetting } from "../config/read-settings.ts";
import { readRunFile } from "../start/run-file.ts";

const connectLimitMs = 3_000;

/** @throws Fault NOT_RUNNING. */
export function natsUrlOfRunning(dataDir: string): string {
  const url = natsUrlSetting() ?? readRunFile(dataDir)?.natsUrl;
  if (url === undefined)
    throw new Fault(
      "NOT_RUNNING",
      "nothing was started here: run npm start, or set RELEVE_NATS_URL",
      "later",
    );
  return url;
}

/** Every event so far. @throws Fault NOT_RUNNING, or LedgerFault when the ledger does not answer. */
export async function readRunningLedger(dataDir: string): Promise<EventIndex> {
  const log = await openJetStreamLog({
    servers: [natsUrlOfRunning(dataDir)],
    name: "releve",
    connectLimitMs,
  });
  try {
    const index = newEventIndex();
    for await (const commit of log.readAll()) index.apply(commit);
    return index;
  } finally {
    await log.close();
  }
}
