/** What a person may ask for at the console. Each is a command to one aggregate; its decider says whether it can be. */
import type { DeliveryId, JobId, NodeId, SiteId } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { Clock } from "@releve/domain/clock";
import { execute } from "@releve/ledger/command-handler";
import type { Decider } from "@releve/ledger/decider";
import { deliveryDecider, type DeliveryCommand } from "@releve/ledger/deciders/delivery";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { EventLog, StreamId } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import { deliveryStream, jobStream, nodeStream } from "@releve/ledger/streams";

/** `changed` false: it was so already. */
export type Done = { readonly changed: boolean } | Refusal;

export type Commands = {
  readonly job: (job: JobId, command: Extract<JobCommand, { type: "retry" | "cancel" }>) => Promise<Done>;
  readonly delivery: (
    delivery: DeliveryId,
    command: Extract<DeliveryCommand, { type: "retry" }>,
  ) => Promise<Done>;
  readonly node: (
    site: SiteId,
    node: NodeId,
    command: Extract<NodeCommand, { type: "drain" | "resume" }>,
  ) => Promise<Done>;
};

/** @param log undefined while the ledger was not reached yet. */
export function ledgerCommands(log: () => EventLog | undefined, site: string, clock: Clock): Commands {
  const run = async <State, Command, Event extends LedgerEvent>(
    stream: StreamId,
    decider: Decider<State, Command, Event>,
    command: Command,
  ): Promise<Done> => {
    const open = log();
    if (!open)
      return refusal("LEDGER_UNREACHABLE", "The ledger does not answer: nothing can be recorded now.");
    const context = { atMs: clock.nowMs(), site, actor: `api:${site}` };
    const done = await execute(open, stream, decider, command, context);
    return isRefusal(done) ? done : { changed: done.events.length > 0 };
  };
  return {
    job: (job, command) => run(jobStream(job), jobDecider, command),
    delivery: (delivery, command) => run(deliveryStream(delivery), deliveryDecider, command),
    node: (at, node, command) => run(nodeStream(at, node), nodeDecider, command),
  };
}
