/** Which jobs this node claims: into its free slots only, when it is its turn, and none that its own kernels get wrong. */
import type { JobId } from "@releve/domain/ids";
import { nextClaim, type WaitingJob } from "@releve/ledger/dispatch/next-claim";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { Claimed } from "./job-board.ts";
import type { Membership } from "./membership.ts";
import type { NodeParts } from "./node-parts.ts";

/** How often the node looks without being woken: a turn is 500 ms. */
export const lookEveryMs = 250;

export class Claiming {
  readonly #parts: NodeParts;
  readonly #membership: Membership;
  /** Applications that the self-test forbids. */
  readonly #refused: ReadonlySet<string>;
  readonly #underWay = new Set<JobId>();
  #claims = 0;

  constructor(parts: NodeParts, membership: Membership) {
    const { selfTest } = parts.deps;
    this.#parts = parts;
    this.#membership = membership;
    this.#refused = new Set(selfTest?.refusedOf(selfTest.kernels).keys());
  }

  /** Starts claims into the free slots. @returns when to look again at the latest. */
  claimDue(nodes: readonly NodeWithSlots[]): number {
    const { clock, bandwidth } = this.#parts.deps;
    const nowMs = clock.nowMs();
    const more = bandwidth ? { bandwidth } : {};
    while (this.canClaim()) {
      const jobs = this.#unclaimed();
      const next = nextClaim({ jobs, nodes, own: this.offer(), claims: this.#claims, nowMs, ...more });
      if (next.next === "wait") return next.untilMs;
      if (next.next === "nothing") break;
      this.#claims += 1;
      if (!this.start(next.job)) break;
    }
    return nowMs + lookEveryMs;
  }

  #unclaimed(): readonly WaitingJob[] {
    const { board, attempts } = this.#parts;
    return board
      .waiting()
      .filter(({ job }) => !attempts.has(job) && !this.#underWay.has(job) && this.isAbleTo(job));
  }

  /** A kernel that is out of tolerance computes for nobody: the job waits for a node where it is right. */
  isAbleTo(job: JobId): boolean {
    const application = this.#parts.board.get(job)?.request.application;
    return application === undefined || !this.#refused.has(application);
  }

  canClaim(): boolean {
    const { deps, board, own } = this.#parts;
    if (deps.hearsItself?.() === false || board.isUnfit()) return false;
    return this.#membership.joined && !own.draining() && this.#freeSlots() > 0;
  }

  /** This node as the order of the nodes sees it. */
  offer(): NodeWithSlots {
    const { self, memoryBytes, engine } = this.#parts.deps;
    return { node: self.node, site: self.site, freeSlots: this.#freeSlots(), memoryBytes, engine };
  }

  #freeSlots(): number {
    const { deps, attempts } = this.#parts;
    return deps.slots - attempts.size - this.#withoutAttempt();
  }

  /** A claim for what runs ahead takes no slot of its own, until that is dropped: the claim may still be given. */
  #withoutAttempt(): number {
    return [...this.#underWay].filter((job) => !this.#parts.attempts.has(job)).length;
  }

  /** No claim waits for its answer. */
  isIdle(): boolean {
    return this.#underWay.size === 0;
  }

  /** @returns false in the moment in which an earlier claim of the job is just ending. */
  start(job: JobId): boolean {
    this.#parts.tasks.start(`claim ${job}`, () => {
      this.#underWay.add(job);
      return this.#claim(job).finally(() => this.#underWay.delete(job));
    });
    return this.#underWay.has(job);
  }

  async #claim(job: JobId): Promise<void> {
    const { deps, voice, board, attempts } = this.#parts;
    const ahead = attempts.ahead().find((one) => one.job === job);
    const aheadMs = ahead ? deps.clock.nowMs() - ahead.startedMs : 0;
    const claimed = await voice.claim(job, aheadMs);
    if (!claimed) return board.leaveFor(job, lookEveryMs);
    if (this.#isCurrent(job, claimed)) attempts.hold(claimed.request, claimed.token);
  }

  /** An answer may come late: what came after the claim, its completion too, may have been shown here already. */
  #isCurrent(job: JobId, { attempts, token }: Claimed): boolean {
    const now = this.#parts.board.get(job);
    if (!now) return false;
    return now.attempts < attempts || (now.status === "claimed" && now.token.version === token.version);
  }

  /** A claim whose answer was lost is a claim all the same: the ledger shows it as ours. */
  startUnanswered(): void {
    const { deps, board, attempts } = this.#parts;
    for (const { incarnation, request, token, job } of board.held()) {
      if (incarnation !== deps.self.incarnation || this.#underWay.has(job)) continue;
      if (!attempts.held().some((held) => held.job === job)) attempts.hold(request, token);
    }
  }
}
