/**
 * Many messages of the stream: delivered by an ordered consumer, which is several times faster than asking for batches. The
 * consumer may run at a replica that lags; then it delivers the rest when that has it.
 */
import { DeliverPolicy, type ConsumerMessages, type JetStreamClient } from "@nats-io/jetstream";
import { unreachable, retrying, type RetryLimits } from "./transient.ts";
import type { StoredMessage } from "./stored-message.ts";

/** What waits in this process at most: more is asked for as it is taken. */
const bufferedMessages = 2_048;
const forgetConsumerMs = 10_000;
const pullMs = 5_000;
const idleHeartbeatMs = 1_000;

/**
 * Each message from `first` to `last` in order, once; `last` is known to exist.
 * @throws LedgerFault LEDGER_UNREACHABLE when nothing came for the limit.
 */
export async function* deliverRange(
  client: JetStreamClient,
  streamName: string,
  limits: RetryLimits,
  first: number,
  last: number,
): AsyncGenerator<StoredMessage> {
  for (let next = first; next <= last;) {
    const messages = await retrying(limits, () => consumerFrom(client, streamName, next));
    const silence = setTimeout(() => messages.stop(), limits.limitMs);
    const from = next;
    try {
      for await (const message of messages) {
        silence.refresh();
        if (message.seq < next) continue;
        if (message.seq > last) return;
        next = message.seq + 1;
        yield message;
        if (next > last) return;
      }
    } finally {
      clearTimeout(silence);
      messages.stop();
    }
    if (next === from) throw unreachable(limits.limitMs);
  }
}

async function consumerFrom(
  client: JetStreamClient,
  streamName: string,
  first: number,
): Promise<ConsumerMessages> {
  const consumer = await client.consumers.get(streamName, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: first,
    inactive_threshold: forgetConsumerMs,
  });
  return consumer.consume({
    max_messages: bufferedMessages,
    expires: pullMs,
    idle_heartbeat: idleHeartbeatMs,
  });
}
