/** The connection to NATS: made within a limit at first, then kept for ever. */
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import type { Clock } from "@releve/domain/clock";
import type { TlsFiles } from "@releve/domain/tls-files";
import { retrying } from "./transient.ts";

export type ServersOptions = {
  /** Such as `nats://127.0.0.1:4222`, the nearest first; the others are tried when it does not answer. */
  readonly servers: readonly string[];
  /** The process, as the server's log shall name it. */
  readonly name: string;
  /** How long the first connection may take: the server may be starting at this moment. */
  readonly connectLimitMs?: number;
  /**
   * Mutual TLS from the first byte: the client's other way forgets which address it called, and cannot check it. Only an
   * installation that stays on loopback goes without.
   */
  readonly tls?: TlsFiles;
  /** Replies come under this subject: with TLS the only one where this user may listen. */
  readonly inboxPrefix?: string;
  /** Under which subjects the server's JetStream is to be asked; the server's own when absent. */
  readonly apiPrefix?: string;
};

const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** A frozen server keeps its sockets: two unanswered pings give it up. */
const pingEveryMs = 5_000;

/** @throws LedgerFault LEDGER_UNREACHABLE when no server took the connection within the limit. */
export async function connectToServers(options: ServersOptions, clock: Clock): Promise<NatsConnection> {
  let tries = 0;
  const connection = await retrying({ clock, limitMs: options.connectLimitMs ?? 15_000 }, () =>
    connect({
      servers: [...options.servers],
      noRandomize: true,
      ...(options.tls ? { tls: { ...options.tls, handshakeFirst: true } } : {}),
      ...(options.inboxPrefix ? { inboxPrefix: options.inboxPrefix } : {}),
      name: options.name,
      timeout: 2_000,
      // The client would else take a stack trace at every request, in case it fails.
      noAsyncTraces: true,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries++, 10)),
      pingInterval: pingEveryMs,
      maxPingOut: 2,
      // Names are resolved at each try by the system: an address that moved is found again.
      resolve: false,
    }),
  );
  void (async () => {
    for await (const { type } of connection.status()) if (type === "reconnect") tries = 0;
  })();
  return connection;
}
