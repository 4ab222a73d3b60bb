/** Which nats-server the ledger trusts. */
import { LedgerFault } from "../faults.ts";

export const oldestServer = "2.11.0";

/** Before, it was not shown that a batch is synced before its answer on a stream with one replica. */
const oldestGroupingServer = "2.15.0";

export const groupsCommits = (version: string): boolean =>
  compareVersions(version, oldestGroupingServer) >= 0;

const why =
  "older servers accept appends that break the expected version on replicated streams, " +
  "and cannot sync every write to disk";

/** -1, 0 or 1: dotted numbers compared as numbers; a pre-release (2.11.0-RC.1) counts as its release. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  const at = x.findIndex((part, index) => part !== y[index]);
  return at < 0 ? 0 : Math.sign(x[at]! - y[at]!);
}

function numbers(version: string): readonly [number, number, number] {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(version);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
}

/**
 * @param version the server's own word, such as `2.15.2` or the line `nats-server: v2.15.2`.
 * @throws LedgerFault LEDGER_SERVER_TOO_OLD with the reason.
 */
export function requireServer(version: string): void {
  if (compareVersions(version, oldestServer) >= 0) return;
  const message = `nats-server ${version} is too old: ${oldestServer} or newer is needed, because ${why}.`;
  throw new LedgerFault("LEDGER_SERVER_TOO_OLD", message);
}
