/**
 * The attempts that run on this node: under a claim's token, or ahead of it.
 *
 *   ahead --hold (the claim is recorded)--> held --computed--> its end is said under the token
 *     \                                       \
 *      \--drop (somebody else has the job)     \--whatever is written after the claim: dropped, its end would be refused
 *
 * An attempt that is dropped leaves no trace but objects in the store that nobody names.
 */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { JobId } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { JobCommand } from "@releve/ledger/deciders/job";
import { putOffReason, type PutOffReason } from "@releve/ledger/dispatch/put-off";
import type { Version } from "@releve/ledger/event-log";
import type { JobRequest, Token } from "@releve/ledger/events/job";
import type { AttemptResult } from "./run-attempt.ts";

export type Attempt = (
  job: JobRequest,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
) => Promise<AttemptResult | Refusal>;

export type AttemptsDeps = {
  readonly clock: Clock;
  readonly attempt: Attempt;
  /** Says the end of an attempt until it is heard or the signal is aborted. @throws what ends the node. */
  readonly end: (job: JobId, command: JobCommand, signal: AbortSignal) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  /** Something began, ended or progressed. */
  readonly onChange: () => void;
  readonly onBroken: (error: unknown) => void;
};

type Running = {
  readonly request: JobRequest;
  readonly startedMs: number;
  readonly abort: AbortController;
  /** Resolves with the token under which the attempt may say its end; with undefined when it was dropped. */
  readonly held: PromiseWithResolvers<Token | undefined>;
  token: Token | undefined;
  /** The lost claim that an attempt ahead stands in for. */
  readonly insteadOf: Token | undefined;
  progress: number;
  done: Promise<void>;
};

/** How an attempt ended, as it is said under the token. */
type End =
  | ({ readonly type: "complete" } & AttemptResult)
  | { readonly type: "failAttempt"; readonly code: string; readonly reason: string; readonly final: boolean }
  | { readonly type: "release"; readonly reason: PutOffReason };

export class Attempts {
  readonly #deps: AttemptsDeps;
  readonly #running = new Map<JobId, Running>();
  /** Claims whose end was heard, until a commit after the claim comes: till then the ledger shows them here as held. */
  readonly #over = new Map<JobId, Version>();

  constructor(deps: AttemptsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#running.size;
  }

  has(job: JobId): boolean {
    return this.#running.has(job);
  }

  progress(): Record<string, number> {
    return Object.fromEntries([...this.#running].map(([job, { progress }]) => [job, progress]));
  }

  held(): readonly { readonly job: JobId; readonly token: Token }[] {
    return [...this.#running].flatMap(([job, { token }]) => (token ? [{ job, token }] : []));
  }

  /** Jobs that are computed without a claim, and since when. */
  ahead(): readonly { readonly job: JobId; readonly startedMs: number }[] {
    return [...this.#running].flatMap(([job, { token, startedMs }]) => (token ? [] : [{ job, startedMs }]));
  }

  /** The claim is recorded: starts the attempt, or lets the one that started ahead go on under the token. */
  hold(request: JobRequest, token: Token): void {
    if (token.version <= (this.#over.get(request.job) ?? 0)) return;
    const running = this.#running.get(request.job) ?? this.#start(request, undefined);
    running.token ??= token;
    running.held.resolve(running.token);
  }

  startAhead(request: JobRequest, insteadOf: Token): void {
    if (!this.#running.has(request.job)) this.#start(request, insteadOf);
  }

  drop(job: JobId): void {
    const running = this.#running.get(job);
    running?.held.resolve(undefined);
    running?.abort.abort();
  }

  /**
   * A commit of the job: `claim` is who holds it after that, if anybody. Whatever was written after our claim ends the attempt; one
   * ahead ends when the job did or another claim than the lost one holds it.
   */
  saw(
    job: JobId,
    version: Version,
    now: "waiting" | "ended" | { readonly claim: Token; readonly isOwn: boolean },
  ): void {
    if (version > (this.#over.get(job) ?? version)) this.#over.delete(job);
    const running = this.#running.get(job);
    if (!running) return;
    if (running.token) return version > running.token.version ? this.drop(job) : undefined;
    const isTaken = typeof now === "object" && !now.isOwn && now.claim.version !== running.insteadOf?.version;
    if (now === "ended" || isTaken) this.drop(job);
  }

  async dropAll(): Promise<void> {
    const all = [...this.#running];
    for (const [job] of all) this.drop(job);
    await Promise.all(all.map(([, { done }]) => done));
  }

  #start(request: JobRequest, insteadOf: Token | undefined): Running {
    const running: Running = {
      request,
      startedMs: this.#deps.clock.nowMs(),
      abort: new AbortController(),
      held: Promise.withResolvers(),
      token: undefined,
      insteadOf,
      progress: 0,
      done: Promise.resolve(),
    };
    this.#running.set(request.job, running);
    running.done = this.#run(running)
      .catch(this.#deps.onBroken)
      .finally(() => {
        this.#running.delete(request.job);
        this.#deps.onChange();
      });
    this.#deps.onChange();
    return running;
  }

  async #run(running: Running): Promise<void> {
    const { request, abort, held } = running;
    const ended = await this.#compute(running);
    const token = await held.promise;
    if (!token || abort.signal.aborted) return;
    await this.#deps.end(request.job, { ...ended, token }, abort.signal);
    if (!abort.signal.aborted) this.#over.set(request.job, token.version);
  }

  async #compute(running: Running): Promise<End> {
    const { request, abort } = running;
    const onProgress = (fraction: number) => {
      running.progress = fraction;
      this.#deps.onChange();
    };
    try {
      const result = await this.#deps.attempt(request, abort.signal, onProgress);
      if (!isRefusal(result)) return { type: "complete", ...result };
      return { type: "failAttempt", code: result.refused, reason: result.reason, final: true };
    } catch (error) {
      if (abort.signal.aborted)
        return { type: "failAttempt", code: "ABORTED", reason: "the job was taken away", final: false };
      return error instanceof Fault ? this.#faulted(error) : this.#bug(request.job, error);
    }
  }

  /** What is no word about the job gives it back; the operator is told what it was. */
  #faulted(fault: Fault): End {
    const putOff = putOffReason(fault.code);
    if (putOff) this.#deps.onFault(fault);
    return putOff
      ? { type: "release", reason: putOff }
      : { type: "failAttempt", code: fault.code, reason: fault.message, final: fault.retry === "never" };
  }

  /**
   * A bug in an application is the job's end, not the node's: the other jobs of this node go on. Its message may hold values of
   * the image, so only its kind and its place are told.
   */
  #bug(job: JobId, error: unknown): End {
    const { name, stack = "" } = error instanceof Error ? error : { name: typeof error };
    const place = /^\s+at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(stack)?.[1] ?? "an unknown place";
    const reason = `${name} at ${place}`;
    this.#deps.onFault(new Fault("ATTEMPT_BUG", `job ${job}: ${reason}`, "never", error));
    return { type: "failAttempt", code: "ATTEMPT_BUG", reason, final: false };
  }
}
