/**
 * Reading the ledger's stream. The end is always asked of a leader that is sure of its lead; the messages up to it may come
 * from any replica, and one that lags is asked again, so that a reader never takes a stale end for the end.
 */
import type { JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import { leaderLease } from "./leader-lease.ts";
import type { LedgerStream } from "./stream-config.ts";
import { retrying, unreachable, type RetryLimits } from "./transient.ts";

export type StreamReader = {
  /** The subject's last message, by the leader. */
  readonly tail: (subject: string) => Promise<StoredMsg | null>;
  /** The message with this sequence, which was acknowledged: who does not have it lags and is asked again. */
  readonly at: (sequence: number) => Promise<StoredMsg>;
  /** The stream's last sequence, by the leader; 0 when it is empty. */
  readonly lastSequence: () => Promise<number>;
  /** Messages from `first` to `last` (a sequence known to exist under the subject), in order, each once. */
  readonly range: (first: number, last: number, subject?: string) => AsyncGenerator<StoredMsg>;
};

const batchMessages = 256;
const lagPauseMs = 20;

export function streamReader(
  manager: JetStreamManager,
  stream: LedgerStream,
  limits: RetryLimits & { readonly requestTimeoutMs: number },
): StreamReader {
  const { name: streamName } = stream;
  const lease = leaderLease(manager, stream);

  const tail = async (subject: string): Promise<StoredMsg | null> => {
    const message = await manager.streams.getMessage(streamName, { last_by_subj: subject });
    await lease.require();
    return message;
  };

  async function* range(first: number, last: number, subject?: string): AsyncGenerator<StoredMsg> {
    let untilMs = limits.clock.nowMs() + limits.limitMs;
    for (let next = first; next <= last;) {
      const batch = await retrying(limits, () => directBatch(next, subject));
      if (batch.length === 0) {
        if (limits.clock.nowMs() > untilMs) throw unreachable(limits.limitMs);
        await limits.clock.wait(lagPauseMs);
        continue;
      }
      for (const message of batch) if (message.seq <= last) yield message;
      next = batch.at(-1)!.seq + 1;
      untilMs = limits.clock.nowMs() + limits.limitMs;
    }
  }

  async function directBatch(seq: number, subject?: string): Promise<readonly StoredMsg[]> {
    const filter = subject === undefined ? {} : { next_by_subj: subject };
    const messages = await manager.direct.getBatch(streamName, { seq, batch: batchMessages, ...filter });
    const silence = setTimeout(() => messages.stop(new errors.TimeoutError()), limits.requestTimeoutMs);
    const batch: StoredMsg[] = [];
    try {
      for await (const message of messages) {
        silence.refresh();
        batch.push(message);
      }
    } catch (error) {
      if (batch.length === 0) throw error;
    } finally {
      clearTimeout(silence);
    }
    return batch;
  }

  return {
    tail: (subject) => retrying(limits, () => tail(subject)),
    at: (seq) => retrying(limits, () => known(manager.streams.getMessage(streamName, { seq }))),
    lastSequence: () => retrying(limits, async () => (await lease.info()).state.last_seq),
    range,
  };
}

async function known(message: Promise<StoredMsg | null>): Promise<StoredMsg> {
  const found = await message;
  if (!found) throw new errors.TimeoutError();
  return found;
}
