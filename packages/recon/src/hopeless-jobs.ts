/** Jobs that no node can do are dead-lettered, by whoever sees it first: none has the memory, or the kernels are right on none. */
import type { JobId } from "@releve/domain/ids";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import { sameNode } from "@releve/ledger/dispatch/rendezvous";
import type { Commit } from "@releve/ledger/event-log";
import type { Claiming } from "./claiming.ts";
import type { NodeParts } from "./node-parts.ts";
import { refusedByAll, TestedNodes } from "./refused-by-all.ts";
import { tooBigJobs } from "./too-big.ts";

const lookEveryMs = 5_000;

export class HopelessJobs {
  readonly #parts: NodeParts;
  readonly #claiming: Claiming;
  readonly #tested = new TestedNodes();
  #lookedAtMs = 0;

  constructor(parts: NodeParts, claiming: Claiming) {
    this.#parts = parts;
    this.#claiming = claiming;
  }

  /** Takes a commit of any stream. */
  take(commit: Commit): void {
    this.#tested.take(commit);
  }

  deadLetter(nodes: readonly NodeWithSlots[]): void {
    const { deps, board } = this.#parts;
    const nowMs = deps.clock.nowMs();
    if (nowMs < this.#lookedAtMs + lookEveryMs) return;
    this.#lookedAtMs = nowMs;
    const known = [...nodes.filter((node) => !sameNode(node, deps.self)), this.#claiming.offer()];
    for (const { job, reason } of tooBigJobs(board.waiting(), known, nowMs))
      this.#say(job, "TOO_BIG_FOR_ANY_NODE", reason);
    if (!deps.selfTest) return;
    const context = { tested: this.#tested, refusedOf: deps.selfTest.refusedOf, nowMs };
    for (const { job, reason } of refusedByAll(this.#refusedHere(), known, context))
      this.#say(job, "KERNEL_OUT_OF_TOLERANCE", reason);
  }

  #refusedHere() {
    const { board } = this.#parts;
    const waiting = board.waiting().filter(({ job }) => !this.#claiming.isAbleTo(job));
    return waiting.map((job) => ({ ...job, application: board.get(job.job)?.request.application }));
  }

  #say(job: JobId, code: string, reason: string): void {
    const { tasks, voice } = this.#parts;
    tasks.start(`dead-letter ${job}`, () => voice.ofJob(job, { type: "deadLetter", code, reason }));
  }
}
