/**
 * A process of the simulated world: it can be killed, stopped and continued. Killed, whatever it waited for never comes, and
 * what its code still does reaches nobody; a new start is a new object.
 */
import type { Clock } from "@releve/domain/clock";
import type { Owner, Scheduled, Scheduler } from "./scheduler.ts";

/** The moment at which every simulation starts, milliseconds since the epoch. */
const startedAtMs = 1_700_000_000_000;

export type ProcessOptions = {
  readonly name: string;
  readonly site: number;
  /** How wrong its wall clock is. */
  readonly skewMs?: number;
  /** Called before each of its I/O steps: the exhaustive mode kills it there. */
  readonly onStep?: (process: SimProcess) => void;
};

export class SimProcess implements Owner {
  readonly name: string;
  readonly site: number;
  readonly clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #options: ProcessOptions;
  readonly #onCrash: (() => void)[] = [];
  #deferred: Scheduled[] = [];
  #alive = true;
  #pauses = 0;

  constructor(scheduler: Scheduler, options: ProcessOptions) {
    this.name = options.name;
    this.site = options.site;
    this.#options = options;
    this.#scheduler = scheduler;
    const { skewMs = 0 } = options;
    this.clock = {
      nowMs: () => startedAtMs + Math.floor(scheduler.nowMs + skewMs),
      wait: (ms, signal) => this.#wait(ms, signal),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.#pauses > 0;
  }

  after(delayMs: number, what: string, act: () => void, quiet = false): Scheduled {
    return this.#scheduler.after(delayMs, what, act, { owner: this, quiet });
  }

  defer(event: Scheduled): void {
    this.#deferred.push(event);
  }

  /** To be called before every I/O. @returns false for a dead process: then nothing may happen. */
  step(): boolean {
    if (this.#alive) this.#options.onStep?.(this);
    return this.#alive;
  }

  onCrash(act: () => void): void {
    this.#onCrash.push(act);
  }

  /** SIGKILL. */
  crash(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#deferred = [];
    for (const act of this.#onCrash) act();
  }

  /** SIGSTOP; pauses nest. */
  pause(): void {
    this.#pauses++;
  }

  /** SIGCONT: timers that were due and messages that came meanwhile are seen now, in their order. */
  resume(): void {
    if (this.#pauses === 0 || --this.#pauses > 0) return;
    for (const event of this.#deferred.splice(0)) this.#scheduler.again(event, 0);
  }

  #wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      if (!this.step()) return;
      const done = () => {
        timer.cancelled = true;
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = this.after(ms, "timer", done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }
}
