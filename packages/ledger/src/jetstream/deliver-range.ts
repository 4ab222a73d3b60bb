/**
 * Many messages of the stream: delivered by an ordered consumer, which is several times faster than asking for batches. The
 * consumer may run at a replica that lags; then it delivers the rest when that has it.
 */
import type { JetStreamClient } from "@nats-io/jetstream";
import { consumeFrom } from "./consume-from.ts";
import { unreachable, retrying, type RetryLimits } from "./transient.ts";
import type { StoredMessage } from "./stored-message.ts";

const consuming = { bufferedMessages: 2_048, forgetMs: 10_000 };
const pauseMs = 100;

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
  let heardMs = limits.clock.nowMs();
  for (let next = first; next <= last;) {
    const from = next;
    const messages = await retrying(limits, () => consumeFrom(client, streamName, from, consuming));
    const silence = setTimeout(() => messages.stop(), limits.limitMs);
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
    if (next > from) heardMs = limits.clock.nowMs();
    else if (limits.clock.nowMs() - heardMs >= limits.limitMs) throw unreachable(limits.limitMs);
    else await limits.clock.wait(pauseMs);
  }
}
