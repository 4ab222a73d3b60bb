/**
 * Reading the ledger's stream. The end is always asked of a leader that is sure of its lead; the messages up to it may come
 * from any replica, and one that lags is asked again, so that a reader never takes a stale end for the end.
 */
import type { JetStreamClient, JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import { errors, type NatsConnection } from "@nats-io/nats-core";
import { deliverRange } from "./deliver-range.ts";
import { directBatch, type BatchMessage } from "./direct-batch.ts";
import { leaderLease } from "./leader-lease.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { LedgerStream } from "./stream-config.ts";
import { retrying, unreachable, type RetryLimits } from "./transient.ts";

export type StreamReader = {
  /** The subject's last message, by the leader. */
  readonly tail: (subject: string) => Promise<StoredMsg | null>;
  /** The message with this sequence, which was acknowledged: who does not have it lags and is asked again. */
  readonly at: (sequence: number) => Promise<StoredMsg>;
  /** The stream's last sequence, by the leader; 0 when it is empty. */
  readonly lastSequence: () => Promise<number>;
  /** The subject's messages from `first` to `last` (a sequence known to exist under it), in order, each once. */
  readonly ofSubject: (subject: string, first: number, last: number) => AsyncGenerator<BatchMessage>;
  /** What any server that holds the stream has from `first` on, some of it, asked for once. @throws errors of the client. */
  readonly shownFrom: (first: number) => Promise<readonly StoredMessage[]>;
  /** All messages from `first` to `last` (a sequence known to exist), in order, each once. */
  readonly all: (first: number, last: number) => AsyncGenerator<StoredMessage>;
};

export type ReadingLimits = RetryLimits & {
  readonly requestTimeoutMs: number;
  /** Never jumps; absent: the process's own. The simulator passes its own. */
  readonly monotonicMs?: () => number;
};

const lagPauseMs = 20;
/** Below, making a consumer costs more than it saves. */
const fewMessages = 1_000;

export function streamReader(
  source: {
    readonly connection: NatsConnection;
    readonly client: JetStreamClient;
    readonly manager: JetStreamManager;
  },
  stream: LedgerStream,
  limits: ReadingLimits,
): StreamReader {
  const { connection, client, manager } = source;
  const { name } = stream;
  const lease = leaderLease(manager, stream, limits.clock, limits.monotonicMs);

  const tail = async (subject: string): Promise<StoredMsg | null> => {
    await lease.require();
    return manager.streams.getMessage(name, { last_by_subj: subject });
  };

  const askedAt = `${client.apiPrefix}.DIRECT.GET.${name}`;
  const inBatches = (first: number, last: number, subject?: string) =>
    batches(connection, askedAt, limits, {
      first,
      last,
      ...(subject === undefined ? {} : { subject }),
    });

  return {
    tail: (subject) => retrying(limits, () => tail(subject)),
    at: (seq) => retrying(limits, () => known(manager.streams.getMessage(name, { seq }))),
    lastSequence: () => retrying(limits, async () => (await lease.info()).state.last_seq),
    ofSubject: (subject, first, last) => inBatches(first, last, subject),
    shownFrom: (first) => directBatch(connection, askedAt, { first, silenceMs: limits.requestTimeoutMs }),
    all: (first, last) =>
      last - first < fewMessages ? inBatches(first, last) : deliverRange(client, name, limits, first, last),
  };
}

async function* batches(
  connection: NatsConnection,
  askedAt: string,
  limits: ReadingLimits,
  range: { readonly first: number; readonly last: number; readonly subject?: string },
): AsyncGenerator<BatchMessage> {
  const { last, ...request } = range;
  let untilMs = limits.clock.nowMs() + limits.limitMs;
  for (let first = range.first; first <= last;) {
    const asked = { ...request, first, silenceMs: limits.requestTimeoutMs };
    const batch = await retrying(limits, () => directBatch(connection, askedAt, asked));
    if (batch.length === 0) {
      if (limits.clock.nowMs() > untilMs) throw unreachable(limits.limitMs);
      await limits.clock.wait(lagPauseMs);
      continue;
    }
    for (const message of batch) if (message.seq <= last) yield message;
    first = batch.at(-1)!.seq + 1;
    untilMs = limits.clock.nowMs() + limits.limitMs;
  }
}

async function known(message: Promise<StoredMsg | null>): Promise<StoredMsg> {
  const found = await message;
  if (!found) throw new errors.TimeoutError();
  return found;
}
