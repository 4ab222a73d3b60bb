/** Which servers hold the ledger's stream, who leads it, and who is behind. For supervisors and people, not for writers. */
import { jetstreamManager } from "@nats-io/jetstream";
import { systemClock } from "@releve/domain/clock";
import { connectToServers, type ServersOptions } from "./connect-to-servers.ts";
import { asFault } from "./transient.ts";

export type LedgerMember = {
  /** The server's name. */
  readonly server: string;
  readonly leads: boolean;
  /** It has every acknowledged event. */
  readonly current: boolean;
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
    const manager = await jetstreamManager(connection, { timeout: answerWithinMs, checkAPI: false });
    const { cluster } = await manager.streams.info(streamName);
    const leader = cluster?.leader ?? "";
    const followers = (cluster?.replicas ?? []).map(({ name, current, offline }) => ({
      server: name,
      leads: false,
      current: current && !offline,
    }));
    return [{ server: leader, leads: true, current: leader !== "" }, ...followers];
  } catch (error) {
    throw asFault(error);
  } finally {
    await connection.close();
  }
}
