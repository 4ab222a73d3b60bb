/**
 * A reconstruction node: follows the ledger, claims jobs into free slots when it is its turn, computes, completes. It
 * observes the other nodes as well: jobs that a lost node held go back, and the first whose turn it is takes them; it starts
 * computing at once and the ledger learns of it when it can.
 *
 * The ledger may be away at any time: what is computed goes on, what is to be said is said again until it is heard. The node
 * ends by its signal, when it was drained, or when the ledger is another one than before.
 */
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { Commit } from "@releve/ledger/event-log";
import { AheadOfLedger } from "./ahead-of-ledger.ts";
import { Claiming, lookEveryMs } from "./claiming.ts";
import { CommitTaker } from "./commit-taker.ts";
import { followLedger } from "./follow-ledger.ts";
import { HopelessJobs } from "./hopeless-jobs.ts";
import { isSameStart } from "./lost-starts.ts";
import { Membership } from "./membership.ts";
import type { NodeLoopDeps } from "./node-loop-deps.ts";
import { newNodeParts, type NodeParts } from "./node-parts.ts";
import { tellFault } from "./node-voice.ts";
import { PreStager } from "./pre-stager.ts";
import { Releasing } from "./releasing.ts";

export class NodeLoop {
  readonly #deps: NodeLoopDeps;
  readonly #parts: NodeParts;
  readonly #membership: Membership;
  readonly #claiming: Claiming;
  readonly #releasing: Releasing;
  readonly #ahead: AheadOfLedger;
  readonly #hopeless: HopelessJobs;
  readonly #commits: CommitTaker;
  readonly #preStager: PreStager;
  readonly #broken = new AbortController();
  #reportedUnfit = false;
  #wake = new AbortController();

  constructor(deps: NodeLoopDeps) {
    this.#deps = deps;
    this.#parts = newNodeParts(deps, {
      changed: () => this.#changed(),
      wake: () => this.#wake.abort(),
      broken: (error) => this.#broken.abort(error),
    });
    this.#membership = new Membership(this.#parts);
    this.#claiming = new Claiming(this.#parts, this.#membership);
    this.#releasing = new Releasing(this.#parts, this.#claiming);
    this.#ahead = new AheadOfLedger(this.#parts, this.#claiming);
    this.#hopeless = new HopelessJobs(this.#parts, this.#claiming);
    this.#commits = new CommitTaker(this.#parts, this.#releasing);
    this.#preStager = new PreStager({ ...deps, board: this.#parts.board });
  }

  /**
   * Runs until the signal is aborted, the node was drained or the log is closed; then gives its jobs back and leaves.
   * @throws Fault LEDGER_RESTORED; what is a bug.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = AbortSignal.any([signal, this.#broken.signal]);
    const ledger = followLedger(this.#deps, (commit) => this.#take(commit));
    await ledger.catchUp(stopped);
    this.#releasing.loseEarlierStarts();
    const ended = new AbortController();
    const over = AbortSignal.any([stopped, ended.signal]);
    const following = ledger.follow(over).catch((error: unknown) => this.#parts.broken(error));
    void following.finally(() => ended.abort());
    while (!over.aborted && !this.#hasDrained()) await this.#look(over);
    await this.#leave();
    ended.abort();
    await following;
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
  }

  #take(commit: Commit): void {
    this.#hopeless.take(commit);
    this.#commits.take(commit);
  }

  async #look(over: AbortSignal): Promise<void> {
    if (this.#parts.board.isUnfit() !== this.#reportedUnfit) this.#changed();
    this.#wake = new AbortController();
    const woken = AbortSignal.any([over, this.#wake.signal]);
    const { clock, aliveNodes } = this.#deps;
    const nodes = aliveNodes();
    this.#membership.join();
    this.#commits.readForgotten();
    this.#claiming.startUnanswered();
    this.#releasing.releaseLost();
    this.#ahead.claim();
    const untilMs = this.#claiming.claimDue(nodes);
    this.#hopeless.deadLetter(nodes);
    this.#preStageNext(nodes, over);
    const pauseMs = Math.min(lookEveryMs, untilMs - clock.nowMs());
    await clock.wait(Math.max(1, pauseMs), woken);
  }

  #preStageNext(nodes: readonly NodeWithSlots[], over: AbortSignal): void {
    const { attempts, tasks } = this.#parts;
    if (attempts.size > 0) return;
    const fetch = this.#preStager.next(nodes, this.#claiming.offer(), over);
    const told = (error: unknown) => tellFault(error, this.#deps.onFault);
    if (fetch) tasks.start("pre-stage", () => fetch().catch(told));
  }

  #changed(): void {
    const { attempts, board, own, wake } = this.#parts;
    if (attempts.size > 0) this.#preStager.stop();
    // Until it has caught up and joined, and while it cannot work, it claims nothing: nobody is to wait for its turn.
    this.#reportedUnfit = board.isUnfit();
    const busy = this.#membership.joined && !this.#reportedUnfit ? attempts.size : this.#deps.slots;
    this.#deps.report({ busy, progress: attempts.progress(), draining: own.draining() });
    wake();
  }

  #hasDrained(): boolean {
    const { own, attempts } = this.#parts;
    return own.draining() && attempts.size === 0 && this.#claiming.isIdle();
  }

  #leave(): Promise<void> {
    return this.#broken.signal.aborted ? this.#parts.attempts.dropAll() : this.#membership.leave();
  }

  /**
   * An observer's word: this start of a node is lost. Its jobs go back as soon as the ledger shows them here; those that are
   * this node's turn are computed from now on.
   */
  async nodeLost(lost: Incarnation, silentMs: number): Promise<void> {
    const { voice, wake, broken } = this.#parts;
    this.#parts.lost.add(lost);
    this.#ahead.startWhatHeld(lost);
    wake();
    const told = voice.ofNode(lost, { type: "lose", incarnation: lost.incarnation, silentMs });
    await told.catch(broken);
  }

  /** It was silent and is heard again: what it claims from now on is its own. */
  nodeReturned(node: Incarnation): void {
    this.#parts.lost.remove(node);
  }

  /** The other starts whose claims have been seen here for so long, each once: a new start may claim before its beats come. */
  holders(forMs: number): readonly Incarnation[] {
    const untilMs = this.#deps.clock.nowMs() - forMs;
    const holders = this.#parts.board
      .held()
      .filter(({ seenAtMs }) => seenAtMs <= untilMs)
      .map(({ node, site, incarnation = "" }) => ({ node, site, incarnation }));
    return holders.filter(
      (one, at) =>
        one.incarnation !== this.#deps.self.incarnation &&
        holders.findIndex((other) => isSameStart(one, other)) === at,
    );
  }
}
