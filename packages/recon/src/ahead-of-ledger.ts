/** Work ahead of the ledger: what a lost node held is computed from its detection on, and claimed as soon as that can be recorded. */
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import { releasesOfLost } from "@releve/ledger/dispatch/lost-nodes";
import { fits, orderNodes, type NodeWithSlots, type PlacedJob } from "@releve/ledger/dispatch/placement";
import { sameNode } from "@releve/ledger/dispatch/rendezvous";
import type { Claiming } from "./claiming.ts";
import type { NodeParts } from "./node-parts.ts";

/** An attempt ahead whose claim could not be recorded for so long gives its slot back. */
const aheadMaxMs = 300_000;

export class AheadOfLedger {
  readonly #parts: NodeParts;
  readonly #claiming: Claiming;

  constructor(parts: NodeParts, claiming: Claiming) {
    this.#parts = parts;
    this.#claiming = claiming;
  }

  /**
   * Starts what the lost node held, where this node is the first in order and has a free slot. Not a job that took a node with it
   * before: such a one is computed only under a recorded attempt, so that the attempts are counted.
   */
  startWhatHeld(lost: Incarnation): void {
    const { deps, board, attempts } = this.#parts;
    const claiming = this.#claiming;
    const others = deps.aliveNodes().filter((node) => node.freeSlots > 0 && !sameNode(node, lost));
    for (const { job } of releasesOfLost(board.held(), [lost])) {
      const state = board.get(job);
      if (state?.status !== "claimed" || state.spent > 0) continue;
      if (!claiming.canClaim() || !claiming.isAbleTo(job)) continue;
      const placed = { ...board.placed(job, state), avoid: [...state.avoid, lost.node] };
      if (this.#isFirst(placed, others)) attempts.startAhead(state.request, state.token);
    }
  }

  #isFirst(job: PlacedJob, others: readonly NodeWithSlots[]): boolean {
    const own = this.#claiming.offer();
    const candidates = others.filter((node) => !sameNode(node, own) && fits(node, job));
    const [first] = orderNodes(job, [...candidates, own], this.#parts.deps.bandwidth);
    return fits(own, job) && first !== undefined && sameNode(first, own);
  }

  /** Claims what runs ahead as soon as its job is free. */
  claim(): void {
    const { deps, board, attempts, own } = this.#parts;
    const nowMs = deps.clock.nowMs();
    for (const { job, startedMs } of attempts.ahead()) {
      if (nowMs - startedMs > aheadMaxMs || own.draining()) attempts.drop(job);
      else if (board.waitsAt(job, nowMs)) this.#claiming.start(job);
    }
  }
}
