/** The open jobs as this node sees them: which wait and since when, who holds the others, and where their inputs lie. */
import type { Clock } from "@releve/domain/clock";
import type { JobId, SiteId, StudyId } from "@releve/domain/ids";
import { newInputPlaces } from "@releve/ledger/dispatch/input-places";
import type { HeldJob } from "@releve/ledger/dispatch/lost-nodes";
import { isPutOff } from "@releve/ledger/dispatch/put-off";
import type { WaitingJob } from "@releve/ledger/dispatch/next-claim";
import type { PlacedJob } from "@releve/ledger/dispatch/placement";
import type { Commit } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import { openJobs, type Applied, type OpenJob } from "./open-jobs.ts";
import { PutOffs } from "./put-offs.ts";

/** `seenAtMs`: when this node saw the claim, by its own clock. */
type SeenHeld = Claimed & HeldJob & { readonly seenAtMs: number };

export type Claimed = Extract<OpenJob, { status: "claimed" }>;

export class JobBoard {
  readonly #clock: Clock;
  readonly #jobs = openJobs();
  readonly #places = newInputPlaces();
  readonly #waiting = new Map<JobId, WaitingJob>();
  readonly #held = new Map<JobId, SeenHeld>();
  readonly #putOffs = new PutOffs();
  readonly #incarnation: string;

  /** @param incarnation this start of the node. */
  constructor(clock: Clock, incarnation: string) {
    this.#clock = clock;
    this.#incarnation = incarnation;
  }

  /** Takes a commit of any stream. @returns what became of the job, if it was one of a job. */
  take(commit: Commit): Applied | undefined {
    this.#places.apply(commit);
    for (const { event } of commit.events) this.#takeEvent(event);
    return this.#noted(this.#jobs.apply(commit));
  }

  #takeEvent(event: LedgerEvent): void {
    const { type } = event;
    if (type === "StudyObjectsReplicated") this.#inputsMoved(event.study, event.site);
    if (type === "SiteReturned" || type === "SiteJoined") this.#siteIsBack(event.site);
    if (type === "JobReleased" && this.#isOwn(event.job) && isPutOff(event.reason))
      this.#putOffs.gaveBack(event.job, event.reason, this.#clock.nowMs());
    if (type === "JobCompleted" && this.#isOwn(event.job)) this.#putOffs.completed();
  }

  #isOwn(job: JobId): boolean {
    return this.#held.get(job)?.incarnation === this.#incarnation;
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
    if (now?.status === "claimed")
      this.#held.set(applied.job, { job: applied.job, ...now, seenAtMs: this.#clock.nowMs() });
    else this.#held.delete(applied.job);
    if (!now) this.#putOffs.forget(applied.job);
    return applied;
  }

  #waitingFromNow(job: JobId, state: OpenJob): WaitingJob {
    const { priority, deadlineAtMs } = state.request;
    const waitingSinceMs = this.#clock.nowMs();
    const { times: putOffs, untilMs: notBeforeMs } = this.#putOffs.of(job);
    return {
      ...this.placed(job, state),
      waitingSinceMs,
      notBeforeMs,
      putOffs,
      priority,
      deadlineAtMs,
      attempts: state.attempts,
    };
  }

  #inputsMoved(study: StudyId, to: SiteId): void {
    for (const [job, waiting] of this.#waiting) {
      const state = this.#jobs.all.get(job);
      if (state?.request.study !== study) continue;
      this.#waiting.set(job, { ...waiting, ...this.placed(job, state) });
      if (holdsAll(this.#waiting.get(job)!, to)) this.#tryAgain(job);
    }
  }

  #siteIsBack(site: SiteId): void {
    for (const [job, { inputs }] of this.#waiting)
      if (inputs.some((place) => place.site === site)) this.#tryAgain(job);
  }

  /** Its input is said to be within reach: the pause is over, and the next one is short again. */
  #tryAgain(job: JobId): void {
    if (this.#putOffs.of(job).times === 0) return;
    this.#putOffs.forget(job);
    this.#waiting.set(job, { ...this.#waiting.get(job)!, putOffs: 0, notBeforeMs: 0 });
  }

  /** This node gave a job back because it cannot work: until the pause is over it takes none. */
  isUnfit(): boolean {
    return this.#putOffs.isUnfit(this.#clock.nowMs());
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

  held(): readonly SeenHeld[] {
    return [...this.#held.values()];
  }

  placed(job: JobId, { request, avoid }: OpenJob): PlacedJob {
    const { needBytes, inputBytes, study, inputSite } = request;
    return { job, avoid, needBytes, inputBytes, inputs: this.#places.of(study, inputSite) };
  }
}

const holdsAll = ({ inputs }: PlacedJob, at: SiteId): boolean =>
  inputs.some(({ site, fraction }) => site === at && fraction >= 1);
