/** The open jobs as this node sees them: which wait and since when, who holds the others, and where their inputs lie. */
import type { Clock } from "@releve/domain/clock";
import type { JobId, StudyId } from "@releve/domain/ids";
import { newInputPlaces } from "@releve/ledger/dispatch/input-places";
import type { HeldJob } from "@releve/ledger/dispatch/lost-nodes";
import type { WaitingJob } from "@releve/ledger/dispatch/next-claim";
import type { PlacedJob } from "@releve/ledger/dispatch/placement";
import type { Commit } from "@releve/ledger/event-log";
import { openJobs, type Applied, type OpenJob } from "./open-jobs.ts";

export type Claimed = Extract<OpenJob, { status: "claimed" }>;

export class JobBoard {
  readonly #clock: Clock;
  readonly #jobs = openJobs();
  readonly #places = newInputPlaces();
  readonly #waiting = new Map<JobId, WaitingJob>();
  readonly #held = new Map<JobId, Claimed & HeldJob>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a commit of any stream. @returns what became of the job, if it was one of a job. */
  take(commit: Commit): Applied | undefined {
    this.#places.apply(commit);
    if (commit.events.some(({ event }) => event.type === "StudyObjectsReplicated"))
      this.#inputsMoved(commit.stream.id);
    return this.#noted(this.#jobs.apply(commit));
  }

  /** Takes the whole stream of a job that had been forgotten. */
  restore(job: JobId, commits: readonly Commit[]): Applied | undefined {
    return this.#noted(this.#jobs.restore(job, commits));
  }

  #noted(applied: Applied | undefined): Applied | undefined {
    if (!applied) return undefined;
    const now = "now" in applied ? applied.now : undefined;
    if (now?.status === "waiting") this.#waiting.set(applied.job, this.#waitingFromNow(applied.job, now));
    else this.#waiting.delete(applied.job);
    if (now?.status === "claimed") this.#held.set(applied.job, { job: applied.job, ...now });
    else this.#held.delete(applied.job);
    return applied;
  }

  #waitingFromNow(job: JobId, state: OpenJob): WaitingJob {
    const { priority, deadlineAtMs } = state.request;
    const waitingSinceMs = this.#clock.nowMs();
    return { ...this.placed(job, state), waitingSinceMs, priority, deadlineAtMs, attempts: state.attempts };
  }

  #inputsMoved(study: StudyId): void {
    for (const [job, waiting] of this.#waiting) {
      const state = this.#jobs.all.get(job);
      if (state?.request.study === study) this.#waiting.set(job, { ...waiting, ...this.placed(job, state) });
    }
  }

  get(job: JobId): OpenJob | undefined {
    return this.#jobs.all.get(job);
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  waitsAt(job: JobId, nowMs: number): boolean {
    const waiting = this.#waiting.get(job);
    return waiting !== undefined && (waiting.notBeforeMs ?? 0) <= nowMs;
  }

  /** A lost race: until the winner's commit arrives the job still looks free. */
  leaveFor(job: JobId, ms: number): void {
    const waiting = this.#waiting.get(job);
    if (waiting) this.#waiting.set(job, { ...waiting, notBeforeMs: this.#clock.nowMs() + ms });
  }

  waiting(): readonly WaitingJob[] {
    return [...this.#waiting.values()];
  }

  held(): readonly (Claimed & HeldJob)[] {
    return [...this.#held.values()];
  }

  placed(job: JobId, { request, avoid }: OpenJob): PlacedJob {
    const { needBytes, inputBytes, study, inputSite } = request;
    return { job, avoid, needBytes, inputBytes, inputs: this.#places.of(study, inputSite) };
  }
}
