/**
 * A gateway says in the ledger that a node is lost: where processes have certificates, a node may write about itself alone.
 * Several gateways say it, and the nodes where they may; the first counts.
 */
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider } from "@releve/ledger/deciders/node";
import type { EventLog } from "@releve/ledger/event-log";
import { nodeStream } from "@releve/ledger/streams";
import type { LivenessChange } from "@releve/wire/liveness";

/** @param onFault told when the ledger could not take it: the jobs go back all the same, by other nodes' word. */
export function recordLostNodes(
  log: EventLog,
  site: SiteId,
  onFault: (fault: Fault) => void,
): (change: LivenessChange) => void {
  return ({ kind, to, node, site: of, incarnation, silentMs }) => {
    if (kind !== "recon" || to !== "lost") return;
    const context = { atMs: systemClock.nowMs(), site, actor: `gateway:${site}` };
    const lose = { type: "lose", incarnation, silentMs } as const;
    execute(log, nodeStream(of as SiteId, node as NodeId), nodeDecider, lose, context).catch(
      (error: unknown) => {
        if (!(error instanceof Fault)) throw error;
        onFault(error);
      },
    );
  };
}
