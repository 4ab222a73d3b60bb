/**
 * The server's log from a position on, and what comes: a subscription to $all, filtered to the ledger's streams, made anew
 * from the last whole commit whenever it breaks. The position is ours, so no reconnect leaves a gap or repeats a commit.
 */
import {
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type JSONRecordedEvent,
} from "@eventstore/db-client";
import type { Commit, Position, Subscription } from "../event-log.ts";
import { asFault, isTransient } from "./eventstore-errors.ts";
import { logPositionOf } from "./log-position.ts";
import type { LogSource } from "./read-log.ts";

export type Following = LogSource & { readonly prefix: string };

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/** The iteration ends when it is stopped. @throws LedgerFault LEDGER_REFUSED from the iteration. */
export function followLog(source: Following, after: Position | undefined): Subscription {
  const stopped = new AbortController();
  let current: AllStreamSubscription | undefined;
  const stop = () => {
    stopped.abort();
    if (current) abandon(current);
  };

  let last = after;
  let pauseMs = 0;
  /** What one subscription gives, until it breaks or is stopped. */
  async function* untilBroken(): AsyncGenerator<Commit> {
    current = subscribe(source, last);
    for await (const commit of source.commitsOf(liveEvents(current))) {
      if (stopped.signal.aborted) return;
      if (last !== undefined && commit.position <= last) continue;
      last = commit.position;
      pauseMs = 0;
      yield commit;
    }
  }

  async function* commits(): AsyncGenerator<Commit> {
    try {
      while (!stopped.signal.aborted) {
        try {
          yield* untilBroken();
        } catch (error) {
          if (!stopped.signal.aborted && !isTransient(error)) throw asFault(error);
        }
        pauseMs = Math.min(longestPauseMs, pauseMs * 2 + firstPauseMs);
        await source.limits.clock.wait(pauseMs, stopped.signal);
      }
    } finally {
      stop();
    }
  }

  const iterator = commits();
  return { [Symbol.asyncIterator]: () => iterator, stop };
}

function subscribe({ client, prefix }: Following, last: Position | undefined): AllStreamSubscription {
  const fromPosition = last === undefined ? START : logPositionOf(last);
  const filter = streamNameFilter({ prefixes: [prefix] });
  const source = client.subscribeToAll({ fromPosition, filter });
  source.on("error", () => undefined); // the iteration throws it; one that comes after its end says nothing new
  return source;
}

/** There is no limit to silence here: a broken connection is found by the client's keep-alive. */
async function* liveEvents(source: AllStreamSubscription): AsyncGenerator<JSONRecordedEvent> {
  try {
    for await (const { event } of source) if (event) yield event as JSONRecordedEvent;
  } finally {
    abandon(source);
  }
}

/** Ends the call as well as the stream: the client's own way leaves whoever reads the stream waiting for ever. */
function abandon(source: AllStreamSubscription): void {
  source.unsubscribe().catch(() => undefined); // the call never began: there is nothing to end
  source.destroy();
}
