/**
 * The live tail of the stream: an ordered consumer from the next position on, made anew from the last position seen whenever
 * the connection came back or the consumer ended or fell silent. Between two consumers any server shows what came: after the
 * loss of a server nobody may be there to make a consumer for as long as JetStream elects. The position is ours, so no
 * reconnect leaves a gap or repeats a commit.
 */
import { JetStreamApiError, type ConsumerMessages, type JetStreamClient } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Commit, Subscription } from "../event-log.ts";
import { consumeFrom } from "./consume-from.ts";
import type { StreamReader } from "./stream-reader.ts";
import { commitOf, type StoredMessage } from "./stored-message.ts";
import { asFault, isTransient } from "./transient.ts";

const consuming = { bufferedMessages: 128, forgetMs: 30_000 };
const longestPauseMs = 1_000;

export type Following = {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly streamName: string;
  readonly reader: Pick<StreamReader, "shownFrom">;
  readonly clock: Clock;
  /** Throws while it is not known whether this is still the ledger, and for good when it is another. */
  readonly check: () => void;
  readonly onCommit: (commit: Commit) => void;
};

/**
 * The iteration ends when it is stopped or the connection is closed.
 * @throws LedgerFault LEDGER_REFUSED, LEDGER_RESTORED from the iteration.
 */
export function followStream(source: Following, after: number): Subscription {
  const stopped = new AbortController();
  let messages: ConsumerMessages | undefined;
  const stop = () => {
    stopped.abort();
    messages?.stop();
  };
  void stopWhenClosed(source.connection, stopped.signal, () => messages?.stop()).then(stop);

  let last = after;

  const take = (message: StoredMessage): Commit | undefined => {
    source.check();
    if (message.seq <= last) return undefined;
    last = message.seq;
    const commit = commitOf(message);
    if (commit) source.onCommit(commit);
    return commit;
  };

  async function* shownNow(): AsyncGenerator<Commit> {
    for (const message of await source.reader.shownFrom(last + 1)) {
      if (stopped.signal.aborted) return;
      const commit = take(message);
      if (commit) yield commit;
    }
  }

  /** Until the consumer ends or fails. */
  async function* fromOneConsumer(): AsyncGenerator<Commit> {
    source.check();
    messages = await consumeFrom(source.client, source.streamName, last + 1, consuming);
    if (stopped.signal.aborted) return; // stopped while the consumer was being made
    for await (const message of messages) {
      if (stopped.signal.aborted) return;
      const commit = take(message);
      if (commit) yield commit;
    }
  }

  async function* commits(): AsyncGenerator<Commit> {
    let pauseMs = 0;
    try {
      while (!stopped.signal.aborted) {
        await source.clock.wait(pauseMs, stopped.signal);
        const before = last;
        yield* untilFault(fromOneConsumer());
        messages?.stop();
        if (!stopped.signal.aborted) yield* untilFault(shownNow());
        pauseMs = last > before ? 0 : Math.min(longestPauseMs, pauseMs * 2 + 50);
      }
    } finally {
      stop();
    }
  }

  const iterator = commits();
  return { [Symbol.asyncIterator]: () => iterator, stop };
}

/** Resolves when the connection is closed or the signal aborted; tells of every reconnect before. */
async function stopWhenClosed(
  connection: NatsConnection,
  signal: AbortSignal,
  onReconnect: () => void,
): Promise<void> {
  const closed = connection.closed();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const status = connection.status() as ReturnType<NatsConnection["status"]> & { stop?: () => void };
  void Promise.race([closed, aborted]).then(() => status.stop?.());
  for await (const { type } of status) if (type === "reconnect") onReconnect();
}

async function* untilFault(commits: AsyncGenerator<Commit>): AsyncGenerator<Commit> {
  try {
    yield* commits;
  } catch (error) {
    throwUnlessItMayPass(error);
  }
}

function throwUnlessItMayPass(error: unknown): void {
  const isFinal = error instanceof Fault || error instanceof JetStreamApiError;
  if (isFinal && !isTransient(error)) throw asFault(error);
}
