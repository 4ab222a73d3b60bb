/** The ledger over NATS JetStream: subject `ledger.<kind>.<id>`, one message a commit. */
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { steadyClock, type Clock } from "@releve/domain/clock";
import { openMark } from "../adoption/ledger-mark.ts";
import { encodeCommit } from "../event-codec.ts";
import type { Commit, EventLog } from "../event-log.ts";
import { subjectOf } from "../streams.ts";
import { appendCommit } from "./append-commit.ts";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { groupingPublisher, groupsInFlightOf } from "./group-commits.ts";
import { openGuard } from "./ledger-guard.ts";
import { groupsCommits, requireServer } from "./server-version.ts";
import { readingLog } from "./reading-log.ts";
import { ensureLedgerStream, type LedgerStream } from "./stream-config.ts";
import { streamReader } from "./stream-reader.ts";
import { asFault, retrying } from "./transient.ts";

export type JetStreamLogOptions = ServersOptions & {
  readonly stream?: LedgerStream;
  /** How long one request waits: the client's own 5 s stretches an outage to 10 s. */
  readonly requestTimeoutMs?: number;
  /** How long an append or a read goes on trying: longer than a leader's election, which takes 4 to 9 s. */
  readonly limitMs?: number;
  /** Remembers the newest commit that this process knows, so that an older backup of the ledger is noticed. */
  readonly markFile?: string;
  readonly clock?: Clock;
};

export const ledgerStream: LedgerStream = { name: "LEDGER", replicas: 1 };

/**
 * Connects, checks the server and the stream's settings, and creates the stream where it is missing.
 * @throws LedgerFault LEDGER_UNREACHABLE, LEDGER_SERVER_TOO_OLD, LEDGER_STREAM_DIFFERS; LEDGER_RESTORED and
 * LEDGER_MARK_DAMAGED by the mark.
 */
export async function openJetStreamLog(options: JetStreamLogOptions): Promise<EventLog> {
  const clock = options.clock ?? steadyClock;
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
  const version = connection.info?.version ?? "0.0.0";
  requireServer(version);
  const asking = {
    timeout: requestTimeoutMs,
    ...(options.apiPrefix ? { apiPrefix: options.apiPrefix } : {}),
  };
  const client = jetstream(connection, asking);
  const manager = await jetstreamManager(connection, { ...asking, checkAPI: false });
  const unguarded = { clock, limitMs, requestTimeoutMs };
  const { allow_atomic } = await retrying(unguarded, () => ensureLedgerStream(manager, stream));
  const groups = allow_atomic === true && groupsCommits(version);
  const source = { connection, client, manager };
  const mark = await openMark(options.markFile, clock);
  const readsAnyway = streamReader(source, stream, unguarded);
  const { epoch, check } = await openGuard({ connection, reader: readsAnyway, mark, clock });
  const limits = { ...unguarded, check };
  const reader = streamReader(source, stream, limits);
  const publisher = groups
    ? groupingPublisher(connection, client, groupsInFlightOf(stream.replicas))
    : client;
  const appending = { client: publisher, reader, streamName: stream.name, limits };
  const onCommit = ({ position, events: [first], unread }: Commit) => {
    if (first && !unread) mark.saw({ epoch, position, eventId: first.eventId });
  };

  return {
    epoch,
    append: async (to, events, expected) => {
      const { eventId } = events[0] ?? noEvent();
      const data = encodeCommit(to, events);
      const message = { subject: subjectOf(to), data, firstEventId: eventId, expected };
      const outcome = await appendCommit(appending, message);
      if (outcome.appended) mark.saw({ epoch, position: outcome.position, eventId });
      return outcome;
    },
    ...readingLog({ connection, client, reader, streamName: stream.name, clock, check, onCommit }),
    close: async () => {
      try {
        await mark.close();
      } finally {
        await connection.close();
      }
    },
  };
}

function noEvent(): never {
  throw new TypeError("a commit holds at least one event");
}
