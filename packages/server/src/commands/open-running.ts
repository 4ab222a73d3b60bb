/** Finds the running system: by RELEVE_NATS_URL, or by what `start` wrote into its data folder. */
import { Fault } from "@releve/domain/fault";
import type { ServersOptions } from "@releve/ledger/jetstream/connect-to-servers";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import type { LedgerStream } from "@releve/ledger/jetstream/stream-config";
import { ledgerSetting } from "../config/read-settings.ts";
import { identifiedLink } from "../identities/identified-link.ts";
import { operatorIdentity } from "../identities/identity.ts";
import { readRunFile } from "../start/run-file.ts";

const connectLimitMs = 3_000;

export type RunningLedger = ServersOptions & {
  readonly stream: LedgerStream;
  /** Other ledgers that are copied to its servers; absent: none. */
  readonly copies?: readonly string[];
};

/** How to open it, and NATS beside it. @throws Fault NOT_RUNNING. */
export function runningLedger(dataDir: string): RunningLedger {
  const setting = ledgerSetting();
  const ledger = setting ?? readRunFile(dataDir)?.ledger;
  if (ledger === undefined)
    throw new Fault(
      "NOT_RUNNING",
      "nothing was started here: run npm start, or set RELEVE_NATS_URL",
      "later",
    );
  const { servers, replicas, tls } = ledger;
  return {
    servers,
    name: "releve",
    connectLimitMs,
    stream: { ...ledgerStream, replicas },
    ...(setting ? { copies: setting.copies } : {}),
    ...(tls ? identifiedLink(operatorIdentity, tls) : {}),
  };
}
