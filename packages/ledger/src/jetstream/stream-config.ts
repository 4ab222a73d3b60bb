/** The settings without which the stream is no ledger: created so, read back, and refused when one differs. */
import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import { LedgerFault } from "../faults.ts";
import { subjectPrefix } from "../streams.ts";

export type LedgerStream = { readonly name: string; readonly replicas: number };

const duplicateWindowNanos = 120 * 1_000_000_000;

export function ledgerStreamConfig({
  name,
  replicas,
}: LedgerStream): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [`${subjectPrefix}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_age: 0,
    max_bytes: -1,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    duplicate_window: duplicateWindowNanos,
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
    allow_direct: true,
  };
}

/** Absent is right for these: each would lose, rewrite or silently drop events. */
const absentSettings = [
  "mirror",
  "sources",
  "subject_transform",
  "no_ack",
  "sealed",
  "allow_msg_ttl",
  "allow_msg_counter",
  "subject_delete_marker_ttl",
  "discard_new_per_subject",
] as const;

/**
 * The settings that differ from what the ledger needs, each as `name: found, needed`; empty when all is well.
 * Settings that the ledger does not name (placement, metadata, compression) are the operator's.
 */
export function differingSettings(found: Partial<StreamConfig>, stream: LedgerStream): readonly string[] {
  const needed = Object.entries(ledgerStreamConfig(stream)).map(([name, value]) => ({ name, value }));
  const absent = absentSettings.map((name) => ({ name, value: undefined }));
  const differing = [...needed, ...absent].filter(
    ({ name, value }) => !sameSetting(settingIn(found, name), value),
  );
  const told = differing.map(
    ({ name, value }) => `${name}: ${shown(settingIn(found, name))}, needed ${shown(value)}`,
  );
  return isAsync(found) ? [...told, 'persist_mode: "async", needed the default'] : told;
}

const settingIn = (config: object, name: string): unknown => (config as Record<string, unknown>)[name];
const shown = (value: unknown): string => (value === undefined ? "unset" : JSON.stringify(value));
const isAsync = ({ persist_mode }: Partial<StreamConfig>): boolean => persist_mode === "async";

/** The server leaves out what is false or zero. */
function sameSetting(found: unknown, needed: unknown): boolean {
  if (!needed) return !found || (Array.isArray(found) && found.length === 0);
  return JSON.stringify(found) === JSON.stringify(needed);
}

/**
 * Creates the stream where it is missing.
 * @returns its settings as the server has them.
 * @throws LedgerFault LEDGER_STREAM_DIFFERS naming every setting that is not right.
 */
export async function ensureLedgerStream(
  manager: JetStreamManager,
  stream: LedgerStream,
): Promise<StreamConfig> {
  await createIfMissing(manager, stream);
  const { config } = await manager.streams.info(stream.name).catch(notYet);
  const differing = differingSettings(config, stream);
  if (differing.length === 0) return config;
  const message = `The stream ${stream.name} is not fit to be the ledger: ${differing.join("; ")}.`;
  throw new LedgerFault("LEDGER_STREAM_DIFFERS", `${message}${replicasAdvice(config, stream)}`);
}

function replicasAdvice(found: Partial<StreamConfig>, { name, replicas }: LedgerStream): string {
  if (found.num_replicas === replicas) return "";
  return (
    ` Give every process the same number of replicas; to change the stream's own, run` +
    ` "nats stream edit ${name} --replicas ${replicas}" while all servers are up.`
  );
}

/** Two processes may create it at once: the second finds the name in use, which the reading back judges. */
const streamNameInUse = 10058;
const noCluster = 10074;

async function createIfMissing(manager: JetStreamManager, stream: LedgerStream): Promise<void> {
  try {
    await manager.streams.info(stream.name);
  } catch (error) {
    if (!hasCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
    // Atomic batches only save syncs: a server that does not know them, and drops the setting, is as good a ledger.
    await manager.streams
      .add({ ...ledgerStreamConfig(stream), allow_atomic: true })
      .catch((failed: unknown) => {
        if (hasCode(failed, noCluster)) throw alone(stream, failed);
        if (!hasCode(failed, streamNameInUse)) throw failed;
      });
  }
}

/** While another process's creation is under way the name is in use and the stream is not found: to be asked again. */
function notYet(error: unknown): never {
  throw hasCode(error, JetStreamApiCodes.StreamNotFound) ? new errors.TimeoutError({ cause: error }) : error;
}

function alone({ name, replicas }: LedgerStream, cause: unknown): LedgerFault {
  const message = `The stream ${name} shall have ${replicas} replicas, but this server is not part of a cluster.`;
  return new LedgerFault("LEDGER_STREAM_DIFFERS", message, cause);
}

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof JetStreamApiError && error.code === code;
