/** Starts the planned processes, restarts those that die with a growing pause, and stops them all. */
import type { Clock } from "@releve/domain/clock";
import { startChild, type Child } from "./child.ts";
import type { ProcessPlan } from "./topology.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A process that lived this long starts again with the short pause. */
const stableAfterMs = 60_000;

export type SupervisorOptions = {
  readonly logDir: string;
  readonly clock: Clock;
  /** One sentence for the person at the terminal. */
  readonly say: (sentence: string) => void;
  readonly onStarted?: (name: string, started: number, total: number) => void;
};

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<string, Child>();
  readonly #starting = new Set<Promise<Child>>();
  readonly #stopping = new AbortController();
  /** Those that were killed on purpose and stay down until they are started again. */
  readonly #down = new Set<string>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts two at a time: on a small machine all at once only makes each of them slower. @throws Fault ROLE_FAILED. */
  async start(plans: readonly ProcessPlan[]): Promise<void> {
    const waiting = [...plans];
    let started = 0;
    const worker = async () => {
      for (let plan = waiting.shift(); plan && !this.#stopping.signal.aborted; plan = waiting.shift()) {
        await this.#startOne(plan);
        this.#options.onStarted?.(plan.name, (started += 1), plans.length);
      }
    };
    await Promise.all([worker(), worker()]);
  }

  /** SIGKILL, and stays down: what a power failure of that machine does. */
  killForGood(name: string): void {
    this.#down.add(name);
    this.#children.get(name)?.kill("SIGKILL");
  }

  async startAgain(plan: ProcessPlan): Promise<void> {
    this.#down.delete(plan.name);
    await this.#startOne(plan);
  }

  /** Also ends the processes that are being started. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
    await Promise.allSettled(this.#starting);
  }

  /** SIGKILL to all of them in one go; nothing is started again. */
  async kill(): Promise<void> {
    this.#stopping.abort();
    const children = [...this.#children.values()];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.gone));
    await Promise.allSettled(this.#starting);
  }

  async #startOne(plan: ProcessPlan): Promise<void> {
    const starting = startChild(plan, this.#options.logDir, this.#stopping.signal);
    this.#starting.add(starting);
    const child = await starting.finally(() => this.#starting.delete(starting));
    if (this.#stopping.signal.aborted) return child.stop();
    this.#children.set(plan.name, child);
    void this.#watch(child, this.#options.clock.nowMs());
  }

  async #watch(child: Child, startedAtMs: number): Promise<void> {
    const how = await child.gone;
    this.#children.delete(child.plan.name);
    if (this.#stopping.signal.aborted || this.#down.has(child.plan.name)) return;
    const stable = this.#options.clock.nowMs() - startedAtMs > stableAfterMs;
    this.#options.say(`${child.plan.name} died (${how}) and is started again`);
    await this.#restart(child.plan, stable ? firstPauseMs : firstPauseMs * 2);
  }

  /** Without an end on purpose: the supervisor's work is to keep its processes up; the pause has the limit. */
  async #restart(plan: ProcessPlan, pauseMs: number): Promise<void> {
    await this.#options.clock.wait(pauseMs, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    try {
      await this.#startOne(plan);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#options.say(error instanceof Error ? error.message : String(error));
      await this.#restart(plan, Math.min(pauseMs * 2, longestPauseMs));
    }
  }
}
