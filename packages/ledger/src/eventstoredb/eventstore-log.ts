/**
 * The ledger over EventStoreDB: the auditors' long-term history. Nothing coordinates over it, and its outage stops no work.
 * The option that says which revision is expected is called `expectedRevision` in this client; the vendor's newer one calls
 * it otherwise and ignores the old name in silence, so the two must not be exchanged without these tests.
 */
import { EventStoreDBClient, type JSONRecordedEvent } from "@eventstore/db-client";
import { systemClock, type Clock } from "@releve/domain/clock";
import { adoptionDecider } from "../deciders/adoption.ts";
import type { Commit, EventLog, StreamId, Version } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import { load } from "../fold.ts";
import { adoptionStream } from "../streams.ts";
import { appendToStream } from "./append-to-stream.ts";
import { retrying, type Limits } from "./eventstore-errors.ts";
import { followLog } from "./follow-log.ts";
import { streamEvents } from "./read-events.ts";
import { readLog } from "./read-log.ts";
import { recentCommits } from "./recent-commits.ts";
import { proposedEvents, streamNameOf, streamOfName } from "./stored-event.ts";
import { wholeCommits, type HeadReader } from "./whole-commits.ts";

export type EventStoreLogOptions = {
  /** `esdb://...` or `esdb+discover://...`, with TLS and credentials as the vendor documents them. */
  readonly connectionString: string;
  /** What the names of the ledger's streams begin with; several ledgers in one server need different ones. */
  readonly streamPrefix?: string;
  readonly requestTimeoutMs?: number;
  /** How long an append or a read goes on trying: a cluster's election takes some seconds. */
  readonly limitMs?: number;
  readonly clock?: Clock;
};

/** @throws LedgerFault LEDGER_UNREACHABLE, LEDGER_SERVER_TOO_OLD, LEDGER_REFUSED. */
export async function openEventStoreLog(options: EventStoreLogOptions): Promise<EventLog> {
  const { connectionString, streamPrefix = "ledger-" } = options;
  const { requestTimeoutMs = 2_000, limitMs = 15_000, clock = systemClock } = options;
  const client = clientOf(connectionString);
  const log = logOver(client, streamPrefix, { clock, requestTimeoutMs, limitMs });
  try {
    const { state } = await load(log, adoptionStream, adoptionDecider);
    return { ...log, epoch: state.epoch };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** @throws LedgerFault LEDGER_REFUSED: the string may hold a password, so the client's own words are kept as its cause. */
function clientOf(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    throw new LedgerFault("LEDGER_REFUSED", "The EventStoreDB's connection string cannot be used.", error);
  }
}

function logOver(client: EventStoreDBClient, prefix: string, limits: Limits): EventLog {
  const silenceMs = limits.requestTimeoutMs;
  const recent = recentCommits();
  const stops = new Set<() => void>();
  let closed = false;
  const refuseClosed = (): void => {
    if (closed) throw new LedgerFault("LEDGER_CLOSED", "The ledger's connection was closed.");
  };

  const headOf: HeadReader = (stream, revision, count) => {
    const from = Number(revision) - count;
    return streamEvents(client, streamNameOf(prefix, stream), { from, count, silenceMs });
  };
  const commitsOf = (events: AsyncIterable<JSONRecordedEvent> | readonly JSONRecordedEvent[]) =>
    wholeCommits(events, ({ streamId }) => streamOfName(prefix, streamId), headOf);
  const source = { client, prefix, limits, commitsOf };

  const append: EventLog["append"] = async (stream, events, expected) => {
    refuseClosed();
    const name = streamNameOf(prefix, stream);
    const proposed = proposedEvents(stream, events);
    const firstEventId = events[0]!.eventId;
    const earlier = recent.earlier(name, firstEventId);
    if (earlier) return earlier;
    const outcome = await appendToStream({ client, limits }, { name, events: proposed, expected });
    if (outcome.appended) recent.remember(name, firstEventId, outcome);
    return outcome;
  };

  const read = async (stream: StreamId, after?: Version): Promise<readonly Commit[]> => {
    refuseClosed();
    const from = after === undefined ? 0 : after + 1;
    const name = streamNameOf(prefix, stream);
    return retrying(limits, async () =>
      collect(commitsOf(await streamEvents(client, name, { from, silenceMs }))),
    );
  };

  const subscribe: EventLog["subscribe"] = (after) => {
    refuseClosed();
    const subscription = followLog(source, after);
    stops.add(subscription.stop);
    return { ...subscription, stop: () => stops.delete(subscription.stop) && subscription.stop() };
  };

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    for (const stop of stops) stop();
    await Promise.race([client.dispose(), limits.clock.wait(limits.requestTimeoutMs)]);
  };
  return {
    epoch: 1,
    append,
    read,
    readAll: (after) => {
      refuseClosed();
      return readLog(source, after);
    },
    subscribe,
    close,
  };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
