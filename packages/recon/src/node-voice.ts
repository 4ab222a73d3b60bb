/** What a node says in the ledger, and what happens when the ledger does not answer. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { JobId, NodeId, SiteId, Uuid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider, type JobCommand } from "@releve/ledger/deciders/job";
import { nodeDecider, type NodeCommand } from "@releve/ledger/deciders/node";
import type { Incarnation, Release } from "@releve/ledger/dispatch/lost-nodes";
import type { Context } from "@releve/ledger/envelope";
import type { EventLog } from "@releve/ledger/event-log";
import type { OpenJob } from "./open-jobs.ts";
import { jobStream, nodeStream } from "@releve/ledger/streams";

export type VoiceDeps = {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly self: Incarnation;
  readonly onFault: (fault: Fault) => void;
  /** Draws event ids; absent: at random. The simulator passes its own. */
  readonly newEventId?: () => Uuid;
};

const retryPauseMs = 1_000;

export class NodeVoice {
  readonly #deps: VoiceDeps;

  constructor(deps: VoiceDeps) {
    this.#deps = deps;
  }

  /** @returns the claim, or undefined when another was faster or the ledger cannot be reached now. */
  async claim(job: JobId): Promise<Extract<OpenJob, { status: "claimed" }> | undefined> {
    const { node, site, incarnation } = this.#deps.self;
    try {
      const claimed = await this.#job(job, {
        type: "claim",
        node,
        site,
        incarnation,
        epoch: this.#deps.log.epoch,
        aheadMs: 0,
      });
      return isRefusal(claimed) || claimed.state.status !== "claimed" ? undefined : claimed.state;
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /**
   * Says how an attempt ended, for as long as it takes: without it the job would stay with a living node for ever. Ends when
   * the signal is aborted, as it is when the job is taken away.
   */
  async end(job: JobId, command: JobCommand, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const told = await this.#job(job, command);
        if (isRefusal(told))
          this.#deps.onFault(new Fault(told.refused, `job ${job}: ${told.reason}`, "never"));
        return;
      } catch (error) {
        this.#report(error);
        await this.#deps.clock.wait(retryPauseMs, signal);
      }
    }
  }

  /** Each release names the token that was seen: one that comes late is refused, which is right. */
  async release(releases: readonly Release[]): Promise<void> {
    for (const { job, command } of releases)
      await this.#job(job, command).catch((error) => this.#report(error));
  }

  async ofNode(of: { readonly site: SiteId; readonly node: NodeId }, command: NodeCommand): Promise<void> {
    const stream = nodeStream(of.site, of.node);
    const { log, newEventId } = this.#deps;
    await execute(log, stream, nodeDecider, command, this.#context(), newEventId).catch((error) =>
      this.#report(error),
    );
  }

  #job(job: JobId, command: JobCommand) {
    const { log, newEventId } = this.#deps;
    return execute(log, jobStream(job), jobDecider, command, this.#context(), newEventId);
  }

  #context(): Context {
    const { clock, self } = this.#deps;
    return { atMs: clock.nowMs(), site: self.site, actor: `node:${self.node}` };
  }

  #report(error: unknown): void {
    if (!(error instanceof Fault)) throw error;
    this.#deps.onFault(error);
  }
}
