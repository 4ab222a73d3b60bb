/**
 * A reconstruction node: follows the ledger, claims jobs into free slots when it is its turn, computes, completes. It
 * observes the other nodes as well: jobs that a lost node held go back, and the first whose turn it is takes them; it starts
 * computing at once and the ledger learns of it when it can.
 *
 * The ledger may be away at any time: what is computed goes on, what is to be said is said again until it is heard. The node
 * ends by its signal, when it was drained, or when the ledger is another one than before.
 */
import { Fault } from "@releve/domain/fault";
import type { JobId } from "@releve/domain/ids";
import { releasesOfLost, type Incarnation, type Release } from "@releve/ledger/dispatch/lost-nodes";
import { nextClaim } from "@releve/ledger/dispatch/next-claim";
import {
  fits,
  orderNodes,
  type Bandwidth,
  type NodeWithSlots,
  type PlacedJob,
} from "@releve/ledger/dispatch/placement";
import { sameNode } from "@releve/ledger/dispatch/rendezvous";
import type { Commit, Version } from "@releve/ledger/event-log";
import type { KernelTested } from "@releve/ledger/events";
import { jobStream } from "@releve/ledger/streams";
import { Attempts, type Attempt } from "./attempts.ts";
import { followLedger, type LedgerFollower } from "./follow-ledger.ts";
import { JobBoard, type Claimed } from "./job-board.ts";
import { isSameStart, LostStarts } from "./lost-starts.ts";
import { endsTheNode, NodeVoice, type VoiceDeps } from "./node-voice.ts";
import type { Applied, OpenJob } from "./open-jobs.ts";
import { ownNode, type OwnNode } from "./own-node.ts";
import { PreStager, type PreStage } from "./pre-stager.ts";
import { refusedByAll, TestedNodes, type RefusedOf } from "./refused-by-all.ts";
import { newTasks } from "./tasks.ts";
import { tooBigJobs } from "./too-big.ts";

export type NodeLoopDeps = VoiceDeps & {
  readonly slots: number;
  readonly engine: string;
  /** What a job's `needBytes` is held against. */
  readonly memoryBytes: number;
  /** The nodes that are alive, as the heartbeats tell. */
  readonly aliveNodes: () => readonly NodeWithSlots[];
  /** False while the node's own heartbeat does not come back: a node that nobody hears must not claim. Absent: it does. */
  readonly hearsItself?: () => boolean;
  /** Whether other observers say that they hear a start that is silent here. Absent: nobody does. */
  readonly isHeardElsewhere?: (start: Incarnation) => boolean;
  /** Measured between sites; absent: what is assumed of any two. */
  readonly bandwidth?: Bandwidth;
  /** What the kernels gave on known objects, and the applications whose jobs it does not take because of it. */
  readonly selfTest?: { readonly kernels: readonly KernelTested[]; readonly refusedOf: RefusedOf };
  readonly attempt: Attempt;
  /** Makes a job's inputs local, in advance; absent: none is. @throws Fault, which is told and no more. */
  readonly preStage?: PreStage;
  /** What the next heartbeat says. */
  readonly report: (now: {
    readonly busy: number;
    readonly progress: Record<string, number>;
    readonly draining: boolean;
  }) => void;
};

/** How often the node looks without being woken: a turn is 500 ms. */
const lookEveryMs = 250;
/** An attempt ahead whose claim could not be recorded for so long gives its slot back. */
const aheadMaxMs = 300_000;
const tooBigEveryMs = 5_000;
const saidMax = 100;

export class NodeLoop {
  readonly #deps: NodeLoopDeps;
  readonly #voice: NodeVoice;
  readonly #attempts: Attempts;
  readonly #own: OwnNode;
  readonly #ledger: LedgerFollower;
  readonly #preStager: PreStager;
  readonly #board: JobBoard;
  readonly #lost = new LostStarts();
  readonly #tested = new TestedNodes();
  readonly #refused: ReadonlySet<string>;
  readonly #claiming = new Set<JobId>();
  /** Releases that were answered, by the token's version, until the job's next commit arrives. */
  readonly #released = new Map<JobId, Version>();
  readonly #forgotten = new Set<JobId>();
  readonly #said = new Set<string>();
  readonly #broken = new AbortController();
  readonly #tasks = newTasks((error) => this.#break(error));
  #claims = 0;
  #sizesLookedAtMs = 0;
  #joined = false;
  #reportedUnfit = false;
  #wake = new AbortController();

  constructor(deps: NodeLoopDeps) {
    this.#deps = deps;
    this.#voice = new NodeVoice(deps);
    this.#refused = new Set(deps.selfTest?.refusedOf(deps.selfTest.kernels).keys());
    this.#board = new JobBoard(deps.clock, deps.self.incarnation);
    this.#own = ownNode(deps.self);
    this.#ledger = followLedger(deps, (commit) => this.#take(commit));
    this.#preStager = new PreStager({ ...deps, board: this.#board });
    this.#attempts = new Attempts({
      clock: deps.clock,
      attempt: deps.attempt,
      end: (job, command, signal) => this.#voice.end(job, command, signal),
      onFault: deps.onFault,
      onChange: () => this.#changed(),
      onBroken: (error) => this.#break(error),
    });
  }

  /**
   * Runs until the signal is aborted, the node was drained or the log is closed; then gives its jobs back and leaves.
   * @throws Fault LEDGER_RESTORED; what is a bug.
   */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = AbortSignal.any([signal, this.#broken.signal]);
    await this.#ledger.catchUp(stopped);
    this.#loseEarlierStarts();
    const ended = new AbortController();
    const over = AbortSignal.any([stopped, ended.signal]);
    const following = this.#ledger.follow(over).catch((error: unknown) => this.#break(error));
    void following.finally(() => ended.abort());
    while (!over.aborted && !this.#hasDrained()) await this.#look(over);
    await this.#leave();
    ended.abort();
    await following;
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
  }

  /**
   * An observer's word: this start of a node is lost. Its jobs go back as soon as the ledger shows them here; those that are
   * this node's turn are computed from now on.
   */
  async nodeLost(lost: Incarnation, silentMs: number): Promise<void> {
    this.#lost.add(lost);
    this.#startAhead(lost);
    this.#wake.abort();
    const told = this.#voice.ofNode(lost, { type: "lose", incarnation: lost.incarnation, silentMs });
    await told.catch((error: unknown) => this.#break(error));
  }

  /** It was silent and is heard again: what it claims from now on is its own. */
  nodeReturned(node: Incarnation): void {
    this.#lost.remove(node);
  }

  /** The other starts whose claims have been seen here for so long, each once: a new start may claim before its beats come. */
  holders(forMs: number): readonly Incarnation[] {
    const untilMs = this.#deps.clock.nowMs() - forMs;
    const holders = this.#board
      .held()
      .filter(({ seenAtMs }) => seenAtMs <= untilMs)
      .map(({ node, site, incarnation = "" }) => ({ node, site, incarnation }));
    return holders.filter(
      (one, at) =>
        one.incarnation !== this.#deps.self.incarnation &&
        holders.findIndex((other) => isSameStart(one, other)) === at,
    );
  }

  // ---- Following the ledger

  #take(commit: Commit): void {
    this.#lost.take(commit);
    this.#tested.take(commit);
    if (this.#own.apply(commit)) this.#changed();
    const applied = this.#board.take(commit);
    if (applied) this.#takeJob(applied, commit.version);
  }

  #takeJob(applied: Applied, version: Version): void {
    this.#released.delete(applied.job);
    if ("readAgain" in applied) this.#forgotten.add(applied.job);
    if ("leftAlone" in applied) this.#sayLeftAlone(applied.leftAlone);
    if ("now" in applied) this.#trustClaim(applied.now);
    this.#attempts.saw(applied.job, version, this.#heldBy("now" in applied ? applied.now : undefined));
    this.#wake.abort();
  }

  /**
   * A start that others hear and that claims, though it is silent here, works: only the line from it to here is cut. Without
   * this its claims would be released as fast as it makes them, until their jobs were given up.
   */
  #trustClaim(now: OpenJob | undefined): void {
    if (now?.status !== "claimed" || now.incarnation === undefined) return;
    const { node, site, incarnation } = now;
    const start = { node, site, incarnation };
    if (this.#deps.isHeardElsewhere?.(start)) this.#lost.remove(start);
  }

  #heldBy(now: OpenJob | undefined): Parameters<Attempts["saw"]>[2] {
    if (now?.status !== "claimed") return now ? "waiting" : "ended";
    return { claim: now.token, isOwn: now.incarnation === this.#deps.self.incarnation };
  }

  #sayLeftAlone(why: string): void {
    if (this.#said.has(why) || this.#said.size >= saidMax) return;
    this.#said.add(why);
    const message = `Jobs that hold what this version cannot read are left to other nodes: ${why}.`;
    this.#deps.onFault(new Fault("JOB_NOT_UNDERSTOOD", message, "later"));
  }

  // ---- Looking: everything that is said to the ledger is said beside the loop, so that none of it holds the loop up

  async #look(over: AbortSignal): Promise<void> {
    if (this.#board.isUnfit() !== this.#reportedUnfit) this.#changed();
    this.#wake = new AbortController();
    const woken = AbortSignal.any([over, this.#wake.signal]);
    const { clock, aliveNodes } = this.#deps;
    const nodes = aliveNodes();
    this.#join();
    this.#readForgotten();
    this.#startUnanswered();
    this.#releaseLost();
    this.#claimAhead();
    const untilMs = this.#claimDue(nodes);
    this.#deadLetterHopeless(nodes);
    this.#preStageNext(nodes, over);
    const pauseMs = Math.min(lookEveryMs, untilMs - clock.nowMs());
    await clock.wait(Math.max(1, pauseMs), woken);
  }

  /** At the start, and again when others declared it lost while it lives: it may have been cut off, and fencing covers that. */
  #join(): void {
    if (this.#joined && (!this.#own.isMissing() || this.#own.draining())) return;
    const { self, slots, engine, memoryBytes, selfTest } = this.#deps;
    const tested = selfTest ? { kernels: selfTest.kernels } : {};
    this.#tasks.start("join", async () => {
      const join = { type: "join", ...self, slots, engine, memoryBytes, ...tested } as const;
      const told = await this.#voice.ofNode(self, join);
      const isFirst = told && !this.#joined;
      this.#joined ||= told;
      if (isFirst) this.#changed();
    });
  }

  #readForgotten(): void {
    for (const job of this.#forgotten)
      this.#tasks.start(`read ${job}`, async () => {
        const commits = await this.#deps.log.read(jobStream(job)).catch((error) => this.#told(error));
        const last = commits?.at(-1);
        if (!commits || !last) return;
        this.#forgotten.delete(job);
        const applied = this.#board.restore(job, commits);
        if (applied) this.#takeJob(applied, last.version);
      });
  }

  #told(error: unknown): undefined {
    if (!(error instanceof Fault) || endsTheNode(error)) throw error;
    this.#deps.onFault(error);
  }

  /** A claim whose answer was lost is a claim all the same: the ledger shows it as ours. */
  #startUnanswered(): void {
    for (const { incarnation, request, token, job } of this.#board.held()) {
      if (incarnation !== this.#deps.self.incarnation || this.#claiming.has(job)) continue;
      if (!this.#attempts.held().some((held) => held.job === job)) this.#attempts.hold(request, token);
    }
  }

  /** What an earlier start of this node still holds is lost: this start has none of it. */
  #loseEarlierStarts(): void {
    const { self } = this.#deps;
    const earlier = this.#board
      .held()
      .filter((claim) => sameNode(claim, self) && claim.incarnation !== self.incarnation);
    const { node, site } = self;
    this.#lost.add(...earlier.map(({ incarnation = "" }) => ({ node, site, incarnation })));
  }

  #releaseLost(): void {
    for (const release of releasesOfLost(this.#board.held(), this.#lost.all)) {
      const { job, command } = release;
      if (this.#released.get(job) === command.token.version) continue;
      this.#tasks.start(`release ${job}`, () => this.#release(release));
    }
  }

  async #release({ job, command }: Release): Promise<void> {
    if (!(await this.#voice.ofJob(job, command))) return;
    this.#released.set(job, command.token.version);
    if (this.#attempts.ahead().some((ahead) => ahead.job === job)) this.#startClaim(job);
  }

  // ---- Claiming

  /** Starts claims into the free slots. @returns when to look again at the latest. */
  #claimDue(nodes: readonly NodeWithSlots[]): number {
    const nowMs = this.#deps.clock.nowMs();
    const { bandwidth } = this.#deps;
    while (this.#canClaim()) {
      const next = nextClaim({
        jobs: this.#unclaimed(),
        nodes,
        own: this.#offer(),
        claims: this.#claims,
        nowMs,
        ...(bandwidth ? { bandwidth } : {}),
      });
      if (next.next === "wait") return next.untilMs;
      if (next.next === "nothing") break;
      this.#claims += 1;
      if (!this.#startClaim(next.job)) break;
    }
    return nowMs + lookEveryMs;
  }

  #unclaimed() {
    return this.#board
      .waiting()
      .filter(({ job }) => !this.#attempts.has(job) && !this.#claiming.has(job) && this.#isAbleTo(job));
  }

  /** A kernel that is out of tolerance computes for nobody: the job waits for a node where it is right. */
  #isAbleTo(job: JobId): boolean {
    const application = this.#board.get(job)?.request.application;
    return application === undefined || !this.#refused.has(application);
  }

  #canClaim(): boolean {
    if (this.#deps.hearsItself?.() === false || this.#board.isUnfit()) return false;
    return this.#joined && !this.#own.draining() && this.#freeSlots() > 0;
  }

  #freeSlots(): number {
    return this.#deps.slots - this.#attempts.size - this.#claimsWithoutAttempt();
  }

  /** A claim for what runs ahead takes no slot of its own, until that is dropped: the claim may still be given. */
  #claimsWithoutAttempt(): number {
    return [...this.#claiming].filter((job) => !this.#attempts.has(job)).length;
  }

  /** @returns false in the moment in which an earlier claim of the job is just ending. */
  #startClaim(job: JobId): boolean {
    this.#tasks.start(`claim ${job}`, () => {
      this.#claiming.add(job);
      return this.#claim(job).finally(() => this.#claiming.delete(job));
    });
    return this.#claiming.has(job);
  }

  #offer(): NodeWithSlots {
    const { self, memoryBytes, engine } = this.#deps;
    return { node: self.node, site: self.site, freeSlots: this.#freeSlots(), memoryBytes, engine };
  }

  async #claim(job: JobId): Promise<void> {
    const ahead = this.#attempts.ahead().find((one) => one.job === job);
    const aheadMs = ahead ? this.#deps.clock.nowMs() - ahead.startedMs : 0;
    const claimed = await this.#voice.claim(job, aheadMs);
    if (!claimed) return this.#board.leaveFor(job, lookEveryMs);
    if (this.#isCurrent(job, claimed)) this.#attempts.hold(claimed.request, claimed.token);
  }

  /** An answer may come late: what came after the claim, its completion too, may have been shown here already. */
  #isCurrent(job: JobId, { attempts, token }: Claimed): boolean {
    const now = this.#board.get(job);
    if (!now) return false;
    return now.attempts < attempts || (now.status === "claimed" && now.token.version === token.version);
  }

  /** Whoever says so first: no node has the memory that the job needs, or none has the kernels. */
  #deadLetterHopeless(nodes: readonly NodeWithSlots[]): void {
    const nowMs = this.#deps.clock.nowMs();
    if (nowMs < this.#sizesLookedAtMs + tooBigEveryMs) return;
    this.#sizesLookedAtMs = nowMs;
    const known = [...nodes.filter((node) => !sameNode(node, this.#deps.self)), this.#offer()];
    for (const { job, reason } of tooBigJobs(this.#board.waiting(), known, nowMs))
      this.#deadLetter(job, "TOO_BIG_FOR_ANY_NODE", reason);
    const { selfTest } = this.#deps;
    if (!selfTest) return;
    const context = { tested: this.#tested, refusedOf: selfTest.refusedOf, nowMs };
    for (const { job, reason } of refusedByAll(this.#refusedHere(), known, context))
      this.#deadLetter(job, "KERNEL_OUT_OF_TOLERANCE", reason);
  }

  #refusedHere() {
    const waiting = this.#board.waiting().filter(({ job }) => !this.#isAbleTo(job));
    return waiting.map((job) => ({ ...job, application: this.#board.get(job.job)?.request.application }));
  }

  #deadLetter(job: JobId, code: string, reason: string): void {
    this.#tasks.start(`dead-letter ${job}`, () =>
      this.#voice.ofJob(job, { type: "deadLetter", code, reason }),
    );
  }

  // ---- Ahead of the ledger

  /**
   * Starts what the lost node held, where this node is the first in order and has a free slot. Not a job that took a node with it
   * before: such a one is computed only under a recorded attempt, so that the attempts are counted.
   */
  #startAhead(lost: Incarnation): void {
    const others = this.#deps.aliveNodes().filter((node) => node.freeSlots > 0 && !sameNode(node, lost));
    for (const { job } of releasesOfLost(this.#board.held(), [lost])) {
      const state = this.#board.get(job);
      if (state?.status !== "claimed" || state.spent > 0 || !this.#canClaim() || !this.#isAbleTo(job))
        continue;
      const placed = { ...this.#board.placed(job, state), avoid: [...state.avoid, lost.node] };
      if (this.#isFirst(placed, others)) this.#attempts.startAhead(state.request, state.token);
    }
  }

  #isFirst(job: PlacedJob, others: readonly NodeWithSlots[]): boolean {
    const own = this.#offer();
    const candidates = others.filter((node) => !sameNode(node, own) && fits(node, job));
    const [first] = orderNodes(job, [...candidates, own], this.#deps.bandwidth);
    return fits(own, job) && first !== undefined && sameNode(first, own);
  }

  #claimAhead(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const { job, startedMs } of this.#attempts.ahead()) {
      if (nowMs - startedMs > aheadMaxMs || this.#own.draining()) this.#attempts.drop(job);
      else if (this.#board.waitsAt(job, nowMs)) this.#startClaim(job);
    }
  }

  #preStageNext(nodes: readonly NodeWithSlots[], over: AbortSignal): void {
    if (this.#attempts.size > 0) return;
    const fetch = this.#preStager.next(nodes, this.#offer(), over);
    if (fetch) this.#tasks.start("pre-stage", () => fetch().catch((error: unknown) => this.#told(error)));
  }

  // ---- The end

  #hasDrained(): boolean {
    return this.#own.draining() && this.#attempts.size === 0 && this.#claiming.size === 0;
  }

  async #leave(): Promise<void> {
    if (this.#broken.signal.aborted) return this.#attempts.dropAll();
    await this.#tasks.settled();
    const held = this.#attempts.held();
    const reason = this.#own.draining() ? "drain" : "shutdown";
    const releases = held.map(({ job, token }) => this.#voice.ofJob(job, { type: "release", token, reason }));
    await Promise.all([this.#attempts.dropAll(), ...releases]);
    const { self } = this.#deps;
    await this.#voice.ofNode(self, { type: "leave", incarnation: self.incarnation });
  }

  #changed(): void {
    if (this.#attempts.size > 0) this.#preStager.stop();
    // Until it has caught up and joined, and while it cannot work, it claims nothing: nobody is to wait for its turn.
    this.#reportedUnfit = this.#board.isUnfit();
    const busy = this.#joined && !this.#reportedUnfit ? this.#attempts.size : this.#deps.slots;
    this.#deps.report({ busy, progress: this.#attempts.progress(), draining: this.#own.draining() });
    this.#wake.abort();
  }

  #break(error: unknown): void {
    this.#broken.abort(error);
  }
}
