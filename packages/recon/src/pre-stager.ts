/** Which inputs this node fetches in advance, one job at a time, and only while it has nothing else to do. */
import type { JobId } from "@releve/domain/ids";
import type { Bandwidth, NodeWithSlots } from "@releve/ledger/dispatch/placement";
import { nextPreStage } from "@releve/ledger/dispatch/standby";
import type { JobRequest } from "@releve/ledger/events/job";
import type { JobBoard } from "./job-board.ts";

/** Makes a job's inputs local. */
export type PreStage = (job: JobRequest, signal: AbortSignal) => Promise<void>;

export type PreStagerDeps = {
  readonly board: JobBoard;
  readonly preStage?: PreStage | undefined;
  readonly bandwidth?: Bandwidth | undefined;
};

/** Jobs that were fetched for or could not be: the latest ones are enough. */
const doneMax = 1_000;

export class PreStager {
  readonly #deps: PreStagerDeps;
  readonly #done = new Set<JobId>();
  #idle = new AbortController();

  constructor(deps: PreStagerDeps) {
    this.#deps = deps;
  }

  /** There is work: what is under way ends. */
  stop(): void {
    this.#idle.abort();
  }

  /** @returns the next fetch, to be started; undefined when there is none. Its faults are the caller's to tell. */
  next(
    nodes: readonly NodeWithSlots[],
    own: NodeWithSlots,
    over: AbortSignal,
  ): (() => Promise<void>) | undefined {
    const { board, preStage, bandwidth } = this.#deps;
    if (!preStage || board.waitingCount > 0) return undefined;
    const claimed = board.held().map((state) => ({ ...board.placed(state.job, state), holder: state }));
    const job = nextPreStage(claimed, nodes, own, this.#done, bandwidth);
    const state = job && board.get(job);
    return state && (() => this.#fetch(preStage, state.request, over));
  }

  async #fetch(preStage: PreStage, request: JobRequest, over: AbortSignal): Promise<void> {
    this.#idle = new AbortController();
    const signal = AbortSignal.any([over, this.#idle.signal]);
    try {
      await preStage(request, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (!signal.aborted) this.#remember(request.job);
    }
  }

  #remember(job: JobId): void {
    this.#done.add(job);
    if (this.#done.size > doneMax) this.#done.delete(this.#done.values().next().value!);
  }
}
