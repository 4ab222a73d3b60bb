/** Which servers hold the ledger's stream, who leads it, and who is behind. For supervisors and people, not for writers. */
import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import { systemClock } from "@releve/domain/clock";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { asFault } from "./transient.ts";

export type LedgerMember = {
  /** The server's name. */
  readonly server: string;
  readonly leads: boolean;
  /** It has every acknowledged event. */
  readonly current: boolean;
  /** The leader does not reach it. */
  readonly offline: boolean;
  /** Entries of the replicated log that it has yet to take in. */
  readonly behind: number;
};

const answerWithinMs = 2_000;

/**
 * As the stream's leader sees it; a stream of one replica has one member.
 * @throws Fault LEDGER_UNREACHABLE or LEDGER_REFUSED while there is no leader or no stream.
 */
export async function ledgerMembers(
  options: ServersOptions,
  streamName: string,
): Promise<readonly LedgerMember[]> {
  const connection = await connectToServers(options, systemClock);
  try {
    const { apiPrefix } = options;
    const asking = { timeout: answerWithinMs, checkAPI: false, ...(apiPrefix ? { apiPrefix } : {}) };
    const manager = await jetstreamManager(connection, asking);
    return membersIn(await manager.streams.info(streamName));
  } catch (error) {
    throw asFault(error);
  } finally {
    await connection.close();
  }
}

/** As the server sends it: it leaves out what is false or zero. */
type Replica = {
  readonly name: string;
  readonly current: boolean;
  readonly offline?: boolean;
  readonly lag?: number;
};

/** The leader first. */
export function membersIn({ cluster }: Pick<StreamInfo, "cluster">): readonly LedgerMember[] {
  const leader = cluster?.leader ?? "";
  const first = { server: leader, leads: true, current: leader !== "", offline: leader === "", behind: 0 };
  const replicas: readonly Replica[] = cluster?.replicas ?? [];
  const others = replicas.map(({ name, current, offline = false, lag = 0 }) => ({
    server: name,
    leads: false,
    current: current && !offline,
    offline,
    behind: lag,
  }));
  return [first, ...others];
}
