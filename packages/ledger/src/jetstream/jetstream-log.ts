/** The ledger over NATS JetStream: subject `ledger.<kind>.<id>`, one message a commit. */
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { systemClock, type Clock } from "@releve/domain/clock";
import { encodeCommit } from "../event-codec.ts";
import type { Commit, EventLog } from "../event-log.ts";
import { subjectOf } from "../streams.ts";
import { appendCommit } from "./append-commit.ts";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { followStream } from "./follow-stream.ts";
import { requireServer } from "./server-version.ts";
import { commitOf, type StoredMessage } from "./stored-message.ts";
import { ensureLedgerStream, type LedgerStream } from "./stream-config.ts";
import { streamReader } from "./stream-reader.ts";
import { asFault, retrying } from "./transient.ts";

export type JetStreamLogOptions = ServersOptions & {
  readonly stream?: LedgerStream;
  /** How long one request waits: the client's own 5 s stretches an outage to 10 s. */
  readonly requestTimeoutMs?: number;
  /** How long an append or a read goes on trying: longer than a leader's election, which takes 4 to 9 s. */
  readonly limitMs?: number;
  readonly clock?: Clock;
};

export const ledgerStream: LedgerStream = { name: "LEDGER", replicas: 1 };

/**
 * Connects, checks the server and the stream's settings, and creates the stream where it is missing.
 * @throws LedgerFault LEDGER_UNREACHABLE, LEDGER_SERVER_TOO_OLD, LEDGER_STREAM_DIFFERS.
 */
export async function openJetStreamLog(options: JetStreamLogOptions): Promise<EventLog> {
  const clock = options.clock ?? systemClock;
  const connection = await connectToServers(options, clock);
  try {
    return await logOver(connection, options, clock);
  } catch (error) {
    await connection.close();
    throw asFault(error);
  }
}

async function logOver(
  connection: NatsConnection,
  options: JetStreamLogOptions,
  clock: Clock,
): Promise<EventLog> {
  const { stream = ledgerStream, requestTimeoutMs = 500, limitMs = 15_000 } = options;
  requireServer(connection.info?.version ?? "0.0.0");
  const limits = { clock, limitMs, requestTimeoutMs };
  const client = jetstream(connection, { timeout: requestTimeoutMs });
  const manager = await jetstreamManager(connection, { timeout: requestTimeoutMs, checkAPI: false });
  await retrying(limits, () => ensureLedgerStream(manager, stream));
  const reader = streamReader({ connection, client, manager }, stream, limits);
  const appending = { client, reader, streamName: stream.name, limits };

  return {
    epoch: 1,
    append: async (to, events, expected) =>
      appendCommit(appending, {
        subject: subjectOf(to),
        data: encodeCommit(to, events),
        firstEventId: events[0]!.eventId,
        expected,
      }),
    read: async (from, after) => {
      const subject = subjectOf(from);
      const first = (after ?? 0) + 1;
      const tail = await reader.tail(subject);
      return tail && tail.seq >= first ? collect(commitsOf(reader.ofSubject(subject, first, tail.seq))) : [];
    },
    readAll: async function* (after) {
      yield* commitsOf(reader.all((after ?? 0) + 1, await reader.lastSequence()));
    },
    subscribe: (after) => followStream({ connection, client, streamName: stream.name, clock }, after ?? 0),
    close: () => connection.close(),
  };
}

async function* commitsOf(messages: AsyncIterable<StoredMessage>): AsyncGenerator<Commit> {
  for await (const message of messages) {
    const commit = commitOf(message);
    if (commit) yield commit;
  }
}

async function collect(commits: AsyncIterable<Commit>): Promise<readonly Commit[]> {
  const all: Commit[] = [];
  for await (const commit of commits) all.push(commit);
  return all;
}
