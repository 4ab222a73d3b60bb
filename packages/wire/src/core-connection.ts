/** The connection for what must not wait for the ledger: made within a limit at first, then kept for ever. */
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "@releve/domain/clock";
import type { TlsFiles } from "@releve/domain/tls-files";
import { WireFault } from "./faults.ts";

export type CoreOptions = {
  /** Such as `nats://127.0.0.1:4222`. */
  readonly servers: readonly string[];
  /** The process, as the server's log shall name it. */
  readonly name: string;
  readonly connectLimitMs?: number;
  /**
   * Mutual TLS from the first byte: the client's other way forgets which address it called, and cannot check it. Only an
   * installation that stays on loopback goes without.
   */
  readonly tls?: TlsFiles;
  /** Replies come under this subject: with TLS the only one where this user may listen. */
  readonly inboxPrefix?: string;
};

const pauseMs = 250;

/** @throws WireFault WIRE_UNREACHABLE when no server took the connection within the limit (15 s if none is given). */
export async function connectCore(options: CoreOptions): Promise<NatsConnection> {
  const { servers, name, connectLimitMs = 15_000, tls, inboxPrefix } = options;
  const untilMs = systemClock.nowMs() + connectLimitMs;
  for (;;) {
    try {
      return await connect({
        servers: [...servers],
        noRandomize: true,
        ...(tls ? { tls: { ...tls, handshakeFirst: true } } : {}),
        ...(inboxPrefix ? { inboxPrefix } : {}),
        name,
        timeout: 2_000,
        maxReconnectAttempts: -1,
        reconnectTimeWait: pauseMs,
        pingInterval: 5_000,
        maxPingOut: 2,
      });
    } catch (error) {
      if (systemClock.nowMs() + pauseMs > untilMs)
        throw new WireFault(
          "WIRE_UNREACHABLE",
          `No NATS server answered within ${connectLimitMs} ms.`,
          error,
        );
      await systemClock.wait(pauseMs);
    }
  }
}
