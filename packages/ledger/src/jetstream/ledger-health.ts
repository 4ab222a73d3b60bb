/** The ledger's state as its leader tells it, asked again and again on a connection of its own: for people who watch. */
import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { systemClock, type Clock } from "@releve/domain/clock";
import type { Position } from "../event-log.ts";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { membersIn, type LedgerMember } from "./ledger-members.ts";

export type LedgerHealth = {
  /** Since when nobody has answered, milliseconds since the epoch; null: it was answered just now. */
  readonly silentSinceMs: number | null;
  /** What follows is what was answered last. */
  readonly members: readonly LedgerMember[];
  /** The last position of the log; its difference to another position is the number of commits between. */
  readonly last: Position | undefined;
  readonly bytes: number;
};

export type LedgerHealthWatch = { readonly health: () => LedgerHealth; readonly stop: () => Promise<void> };

export type LedgerHealthOptions = ServersOptions & {
  readonly streamName: string;
  readonly apiPrefix?: string;
  readonly onHealth?: (health: LedgerHealth) => void;
  readonly clock?: Clock;
};

const askEveryMs = 1_000;
const answerWithinMs = 1_000;

/** Returns at once: as long as no server is reached, the health says so. */
export function watchLedgerHealth(options: LedgerHealthOptions): LedgerHealthWatch {
  const { clock = systemClock, onHealth = () => {} } = options;
  const stopped = new AbortController();
  let connection: NatsConnection | undefined;
  let manager: JetStreamManager | undefined;
  let health: LedgerHealth = { silentSinceMs: clock.nowMs(), members: [], last: undefined, bytes: 0 };

  const ask = async (): Promise<LedgerHealth> => {
    connection ??= await connectToServers({ ...options, connectLimitMs: askEveryMs }, clock);
    manager ??= await managerOf(connection, options.apiPrefix);
    const info = await manager.streams.info(options.streamName);
    const { last_seq, bytes } = info.state;
    return {
      silentSinceMs: null,
      members: named(membersIn(info), connection),
      last: last_seq as Position,
      bytes,
    };
  };
  const asking = (async () => {
    while (!stopped.signal.aborted) {
      health = await ask().catch(() => silent(health, clock.nowMs()));
      onHealth(health);
      await clock.wait(askEveryMs, stopped.signal);
    }
    await connection?.close();
  })();

  return {
    health: () => health,
    stop: () => {
      stopped.abort();
      return asking;
    },
  };
}

const managerOf = (connection: NatsConnection, apiPrefix: string | undefined): Promise<JetStreamManager> =>
  jetstreamManager(connection, {
    timeout: answerWithinMs,
    checkAPI: false,
    ...(apiPrefix === undefined ? {} : { apiPrefix }),
  });

const silent = (health: LedgerHealth, nowMs: number): LedgerHealth => ({
  ...health,
  silentSinceMs: health.silentSinceMs ?? nowMs,
});

/** A server that is no part of a cluster does not name itself as leader. */
const named = (members: readonly LedgerMember[], { info }: NatsConnection): readonly LedgerMember[] =>
  members.length === 1 && members[0]!.server === ""
    ? [{ ...members[0]!, server: info?.server_name ?? "", current: true, offline: false }]
    : members;
