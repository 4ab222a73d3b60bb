/**
 * A reconstruction node: follows the ledger, claims a job into a free slot when it is its turn, computes, completes. It
 * observes the other nodes as well: jobs that a lost node held go back, and the first whose turn it is takes them.
 */
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import type { JobId } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { releasesOfLost, releasesOfPredecessors, type Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import { nextClaim, type NodeWithSlots } from "@releve/ledger/dispatch/next-claim";
import type { Commit, Position, Version } from "@releve/ledger/event-log";
import type { JobRequest, Token } from "@releve/ledger/events";
import { NodeVoice, type VoiceDeps } from "./node-voice.ts";
import { openJobs } from "./open-jobs.ts";
import type { AttemptResult } from "./run-attempt.ts";

export type NodeLoopDeps = VoiceDeps & {
  readonly slots: number;
  readonly engine: string;
  /** What a job's `needBytes` is held against. */
  readonly memoryBytes: number;
  /** The nodes that are alive, as the heartbeats tell. */
  readonly aliveNodes: () => readonly NodeWithSlots[];
  readonly attempt: (
    job: JobRequest,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ) => Promise<AttemptResult | Refusal>;
  /** What the next heartbeat says. */
  readonly report: (now: { readonly busy: number; readonly progress: Record<string, number> }) => void;
};

/** How often the node looks without being woken: a turn is 500 ms. */
const lookEveryMs = 250;
/** A lost start holds jobs only for a moment: the latest ones are enough. */
const lostMax = 100;

type Running = { readonly token: Token; readonly abort: AbortController; readonly done: Promise<void> };

export class NodeLoop {
  readonly #deps: NodeLoopDeps;
  readonly #voice: NodeVoice;
  readonly #jobs = openJobs();
  readonly #waitingSinceMs = new Map<JobId, number>();
  readonly #running = new Map<JobId, Running>();
  readonly #progress = new Map<JobId, number>();
  readonly #lost: Incarnation[] = [];
  #wake = new AbortController();

  constructor(deps: NodeLoopDeps) {
    this.#deps = deps;
    this.#voice = new NodeVoice(deps);
  }

  /** Runs until the signal is aborted; then gives its jobs back and leaves. @throws what ends the ledger's subscription. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, self, slots, engine, memoryBytes } = this.#deps;
    const after = await this.#catchUp();
    await this.#voice.ofNode(self, { type: "join", ...self, slots, engine, memoryBytes });
    await this.#voice.release(releasesOfPredecessors(this.#held(), self));
    const subscription = log.subscribe(after);
    onAbort(signal, () => subscription.stop());
    const ended = new AbortController();
    const following = this.#follow(subscription).finally(() => ended.abort());
    following.catch(() => {}); // awaited below, after the jobs in hand were given back
    const stopped = AbortSignal.any([signal, ended.signal]);
    while (!stopped.aborted) await this.#look(stopped);
    await this.#leave();
    await following;
  }

  /** An observer's word: this start of a node is lost. Its jobs go back as soon as the ledger shows them here. */
  async nodeLost(lost: Incarnation, silentMs: number): Promise<void> {
    this.#lost.push(lost);
    if (this.#lost.length > lostMax) this.#lost.shift();
    this.#wake.abort();
    await this.#voice.ofNode(lost, { type: "lose", incarnation: lost.incarnation, silentMs });
  }

  async #catchUp(): Promise<Position | undefined> {
    let last: Position | undefined;
    for await (const commit of this.#deps.log.readAll()) {
      this.#take(commit);
      last = commit.position;
    }
    return last;
  }

  async #follow(subscription: AsyncIterable<Commit>): Promise<void> {
    for await (const commit of subscription) this.#take(commit);
  }

  #take(commit: Commit): void {
    const job = this.#jobs.apply(commit);
    if (job === undefined) return;
    if (this.#jobs.all.get(job)?.status === "waiting")
      this.#waitingSinceMs.set(job, this.#deps.clock.nowMs());
    else this.#waitingSinceMs.delete(job);
    this.#dropIfTaken(job, commit.version);
    this.#wake.abort();
  }

  /** Whatever was written after our claim (a cancel, a reassignment) ends the attempt: its completion would be refused. */
  #dropIfTaken(job: JobId, version: Version): void {
    const running = this.#running.get(job);
    if (running && version > running.token.version) running.abort.abort();
  }

  async #look(stopped: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    const woken = AbortSignal.any([stopped, this.#wake.signal]);
    const { clock, aliveNodes } = this.#deps;
    this.#startUnanswered();
    await this.#voice.release(releasesOfLost(this.#held(), this.#lost));
    const nowMs = clock.nowMs();
    const next = nextClaim({ jobs: this.#waiting(), nodes: aliveNodes(), own: this.#own(), nowMs });
    if (next.next === "claim") return this.#claim(next.job);
    const untilMs = next.next === "wait" ? next.untilMs : nowMs + lookEveryMs;
    await clock.wait(Math.min(lookEveryMs, Math.max(1, untilMs - nowMs)), woken);
  }

  /** A claim whose answer was lost is a claim all the same: the ledger shows it as ours. */
  #startUnanswered(): void {
    const { incarnation } = this.#deps.self;
    for (const held of this.#held()) {
      if (held.incarnation === incarnation && !this.#running.has(held.job))
        this.#start(held.request, held.token);
    }
  }

  #waiting() {
    return [...this.#jobs.all].flatMap(([job, state]) =>
      state.status === "waiting" && !this.#running.has(job)
        ? [{ job, waitingSinceMs: this.#waitingSinceMs.get(job) ?? 0, avoid: state.avoid }]
        : [],
    );
  }

  #own(): NodeWithSlots {
    const { self, slots } = this.#deps;
    return { node: self.node, site: self.site, freeSlots: slots - this.#running.size };
  }

  #held() {
    return [...this.#jobs.all].flatMap(([job, state]) =>
      state.status === "claimed" ? [{ job, ...state }] : [],
    );
  }

  async #claim(job: JobId): Promise<void> {
    const claimed = await this.#voice.claim(job);
    if (claimed) return this.#start(claimed.request, claimed.token);
    // A lost race: until the winner's commit arrives the job still looks free, so it goes to the end of the line.
    if (this.#waitingSinceMs.has(job)) this.#waitingSinceMs.set(job, this.#deps.clock.nowMs() + lookEveryMs);
  }

  #start(request: JobRequest, token: Token): void {
    const abort = new AbortController();
    const done = this.#attempt(request, token, abort.signal).finally(() => {
      this.#running.delete(request.job);
      this.#progress.delete(request.job);
      this.#report();
      this.#wake.abort();
    });
    this.#running.set(request.job, { token, abort, done });
    this.#report();
  }

  async #attempt(request: JobRequest, token: Token, signal: AbortSignal): Promise<void> {
    const ended = await this.#compute(request, signal);
    const command =
      "code" in ended ? { type: "failAttempt", ...ended, token } : { type: "complete", ...ended, token };
    await this.#voice.end(request.job, command as Parameters<NodeVoice["end"]>[1], signal);
  }

  async #compute(
    request: JobRequest,
    signal: AbortSignal,
  ): Promise<AttemptResult | { readonly code: string; readonly reason: string; readonly final: boolean }> {
    const onProgress = (fraction: number) => {
      this.#progress.set(request.job, fraction);
      this.#report();
    };
    try {
      const result = await this.#deps.attempt(request, signal, onProgress);
      return isRefusal(result) ? { code: result.refused, reason: result.reason, final: true } : result;
    } catch (error) {
      if (signal.aborted) return { code: "ABORTED", reason: "the job was taken away", final: false };
      if (!(error instanceof Fault)) throw error; // a bug: the process ends, the lease lapses, another node goes on
      return { code: error.code, reason: error.message, final: error.retry === "never" };
    }
  }

  #report(): void {
    this.#deps.report({ busy: this.#running.size, progress: Object.fromEntries(this.#progress) });
  }

  async #leave(): Promise<void> {
    const running = [...this.#running];
    for (const [, { abort }] of running) abort.abort();
    const reason = "shutdown" as const;
    await this.#voice.release(
      running.map(([job, { token }]) => ({ job, command: { type: "release", token, reason } })),
    );
    await Promise.all(running.map(([, { done }]) => done));
    const { self } = this.#deps;
    await this.#voice.ofNode(self, { type: "leave", incarnation: self.incarnation });
  }
}
