/**
 * What this start of the node gave back because inputs were away or the node unfit, and until when it leaves that alone: one
 * job where its input is away, every job where the node itself cannot work. By the node's own clock.
 */
import type { JobId } from "@releve/domain/ids";
import { putOffMs, type PutOffReason } from "@releve/ledger/dispatch/put-off";

type PutOff = { readonly times: number; readonly untilMs: number };
const never: PutOff = { times: 0, untilMs: 0 };

const again = ({ times }: PutOff, nowMs: number): PutOff => ({
  times: times + 1,
  untilMs: nowMs + putOffMs(times + 1),
});

export class PutOffs {
  readonly #jobs = new Map<JobId, PutOff>();
  #unfit = never;

  gaveBack(job: JobId, reason: PutOffReason, nowMs: number): void {
    this.#jobs.set(job, again(this.of(job), nowMs));
    if (reason === "node-unfit") this.#unfit = again(this.#unfit, nowMs);
  }

  of(job: JobId): PutOff {
    return this.#jobs.get(job) ?? never;
  }

  /** It is tried as if it had never been given back: it has ended, or its input is said to be within reach. */
  forget(job: JobId): void {
    this.#jobs.delete(job);
  }

  /** A job was completed here. */
  completed(): void {
    this.#unfit = never;
  }

  isUnfit(nowMs: number): boolean {
    return nowMs < this.#unfit.untilMs;
  }
}
