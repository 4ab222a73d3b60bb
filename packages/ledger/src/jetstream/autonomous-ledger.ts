/**
 * Ledgers beside each other: the stretched cluster's, and one of each autonomous site, whose own server has a JetStream of
 * its own (a domain). Each is written at home alone. The others hold a copy of it beside their own ledger. The union of both
 * is everything that happened: no commit is in both.
 */
import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  StorageType,
  type JetStreamManager,
} from "@nats-io/jetstream";
import { steadyClock } from "@releve/domain/clock";
import { openMark } from "../adoption/ledger-mark.ts";
import type { ReadableLog } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { ledgerStream } from "./jetstream-log.ts";
import { openGuard } from "./ledger-guard.ts";
import { readingLog } from "./reading-log.ts";
import { streamReader } from "./stream-reader.ts";
import { asFault } from "./transient.ts";

/** How the stretched cluster's ledger is called where several are told apart: no site has this name. */
export const clusterLedger = "hub";

/** The domain of a ledger's JetStream. */
export const domainOf = (ledger: string): string => ledger;

/** Under which name the others hold the copy. */
export const copyNameOf = (ledger: string): string => `${ledgerStream.name}_${ledger}`;

/**
 * Asks the server here to copy that ledger from now on, and after every absence from where it stood. What arrives has the
 * sequences that its home gave it, so its versions are those of its home.
 * @param manager of the operator, where the copy shall be.
 * @param ledger the autonomous site, or `clusterLedger`.
 */
export async function ensureCopy(manager: JetStreamManager, ledger: string, replicas: number): Promise<void> {
  const name = copyNameOf(ledger);
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.streams.add({
      name,
      storage: StorageType.File,
      num_replicas: replicas,
      deny_delete: true,
      deny_purge: true,
      allow_direct: true,
      mirror: { name: ledgerStream.name, external: { api: `$JS.${domainOf(ledger)}.API`, deliver: "" } },
    });
  }
}

/** The same by servers that it connects to for that. @throws LedgerFault LEDGER_UNREACHABLE, LEDGER_REFUSED. */
export async function askForCopy({ ledger, replicas, ...options }: CopyOptions): Promise<void> {
  const connection = await connectToServers(options, steadyClock);
  try {
    await ensureCopy(await jetstreamManager(connection, { checkAPI: false }), ledger, replicas);
  } catch (error) {
    throw asFault(error);
  } finally {
    await connection.close();
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;

export type CopyOptions = ServersOptions & {
  /** The autonomous site, or `clusterLedger`. */
  readonly ledger: string;
  readonly replicas: number;
};

const requestTimeoutMs = 500;
const limitMs = 15_000;

/**
 * The copy as far as it has come: while its home cannot be reached it stands still.
 * @throws LedgerFault LEDGER_UNREACHABLE, also while nobody has asked for this copy yet.
 */
export async function openLedgerCopy({ ledger, replicas, ...options }: CopyOptions): Promise<ReadableLog> {
  const clock = steadyClock;
  const connection = await connectToServers(options, clock);
  try {
    const asking = {
      timeout: requestTimeoutMs,
      ...(options.apiPrefix ? { apiPrefix: options.apiPrefix } : {}),
    };
    const client = jetstream(connection, asking);
    const manager = await jetstreamManager(connection, { ...asking, checkAPI: false });
    const stream = { name: copyNameOf(ledger), replicas };
    const limits = { clock, limitMs, requestTimeoutMs };
    await requireCopy(manager, ledger);
    const mark = await openMark(undefined, clock);
    const unguarded = streamReader({ connection, client, manager }, stream, limits);
    const { epoch, check } = await openGuard({ connection, reader: unguarded, mark, clock });
    const reader = streamReader({ connection, client, manager }, stream, { ...limits, check });
    const following = { connection, client, streamName: stream.name, clock, check, onCommit: () => {} };
    return { epoch, ...readingLog({ ...following, reader }), close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw asFault(error);
  }
}

async function requireCopy(manager: JetStreamManager, ledger: string): Promise<void> {
  try {
    await manager.streams.info(copyNameOf(ledger));
  } catch (error) {
    const message = `There is no copy of the ledger of ${ledger} here yet.`;
    throw isNotFound(error) ? new LedgerFault("LEDGER_UNREACHABLE", message, error) : error;
  }
}
