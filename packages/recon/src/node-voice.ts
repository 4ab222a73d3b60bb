/** What a node says in the ledger, and what happens when the ledger does not answer. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { JobId, NodeId, SiteId, Uuid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { Context } from "@releve/ledger/envelope";
import type { EventLog } from "@releve/ledger/event-log";
import { jobStream, nodeStream } from "@releve/ledger/streams";
import type { OpenJob } from "./open-jobs.ts";

export type VoiceDeps = {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly self: Incarnation;
  readonly onFault: (fault: Fault) => void;
  /** Draws event ids; absent: at random. The simulator passes its own. */
  readonly newEventId?: () => Uuid;
};

const retryPauseMs = 1_000;

/** The ledger is another one than before: whatever this node knows of it is void, and only a new start helps. */
export const endsTheNode = (error: unknown): boolean =>
  error instanceof Fault && error.code === "LEDGER_RESTORED";

/** Tells a fault, with which the node goes on. @throws what ends the node, and what is no fault. */
export function tellFault(error: unknown, onFault: (fault: Fault) => void): undefined {
  if (!(error instanceof Fault) || endsTheNode(error)) throw error;
  onFault(error);
}

export class NodeVoice {
  readonly #deps: VoiceDeps;

  constructor(deps: VoiceDeps) {
    this.#deps = deps;
  }

  /**
   * @param aheadMs for how long the node has been computing already.
   * @returns the claim, or undefined when another was faster or the ledger cannot be reached now.
   */
  async claim(job: JobId, aheadMs: number): Promise<Extract<OpenJob, { status: "claimed" }> | undefined> {
    const { node, site, incarnation } = this.#deps.self;
    const { epoch } = this.#deps.log;
    const claimed = await this.#unlessFault(
      this.#job(job, { type: "claim", node, site, incarnation, epoch, aheadMs }),
    );
    if (claimed === undefined || isRefusal(claimed)) return undefined;
    return claimed.state.status === "claimed" ? claimed.state : undefined;
  }

  /**
   * Says how an attempt ended, for as long as it takes: without it the job would stay with a living node for ever. Ends when
   * the signal is aborted, as it is when the job is taken away.
   */
  async end(job: JobId, command: JobCommand, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.ofJob(job, command, (fault) => this.#deps.onFault(fault))) return;
      await this.#deps.clock.wait(retryPauseMs, signal);
    }
  }

  /**
   * Says it once. A command that comes late is refused, which is right and told to `onRefused`.
   * @returns false when the ledger did not answer.
   */
  async ofJob(
    job: JobId,
    command: JobCommand,
    onRefused: (fault: Fault) => void = () => {},
  ): Promise<boolean> {
    const told = await this.#unlessFault(this.#job(job, command));
    if (isRefusal(told)) onRefused(new Fault(told.refused, `job ${job}: ${told.reason}`, "never"));
    return told !== undefined;
  }

  /** @returns false when the ledger did not answer. */
  async ofNode(of: { readonly site: SiteId; readonly node: NodeId }, command: NodeCommand): Promise<boolean> {
    const { log, newEventId } = this.#deps;
    const stream = nodeStream(of.site, of.node);
    const told = execute(log, stream, nodeDecider, command, this.#context(), newEventId);
    return (await this.#unlessFault(told)) !== undefined;
  }

  #job(job: JobId, command: JobCommand) {
    const { log, newEventId } = this.#deps;
    return execute(log, jobStream(job), jobDecider, command, this.#context(), newEventId);
  }

  #context(): Context {
    const { clock, self } = this.#deps;
    return { atMs: clock.nowMs(), site: self.site, actor: `node:${self.node}` };
  }

  async #unlessFault<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      return tellFault(error, this.#deps.onFault);
    }
  }
}
