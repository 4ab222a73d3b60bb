/** Starts the planned processes, restarts those that die with a growing pause, and stops them all. */
import type { Clock } from "@releve/domain/clock";
import type { Environment } from "../config/read-settings.ts";
import type { Child } from "./child.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A process that lived this long starts again with the short pause. */
const stableAfterMs = 60_000;
/** A node that was drained leaves by itself: it is started again only when somebody asks for it. */
const leftInOrder = "exit code 0";

export type Supervised = {
  readonly name: string;
  /** Resolves when it is ready. `extra` is put over the settings that it has. @throws Fault when it does not get ready. */
  readonly start: (stopping: AbortSignal, extra: Environment) => Promise<Child>;
};

export type SupervisorOptions = {
  readonly clock: Clock;
  /** One sentence for the person at the terminal. */
  readonly say: (sentence: string) => void;
  readonly onStarted?: (name: string, started: number, total: number) => void;
};

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<string, Child>();
  readonly #starting = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Those that were killed on purpose and stay down until they are started again. */
  readonly #down = new Set<string>();
  /** Those whose death is somebody's experiment: they stay down when they die. */
  readonly #unattended = new Set<string>();
  readonly #extra = new Map<string, Environment>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts two at a time: on a small machine all at once only makes each of them slower. @throws Fault of the first that fails. */
  async start(plans: readonly Supervised[]): Promise<void> {
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

  pidOf(name: string): number | undefined {
    return this.#children.get(name)?.pid;
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#children.get(name)?.kill(signal);
  }

  /** Whether it is started again when it dies by itself; at first every process is. */
  attend(name: string, attended: boolean): void {
    if (attended) this.#unattended.delete(name);
    else this.#unattended.add(name);
  }

  /** SIGKILL, and stays down: what a power failure of that machine does. Resolves when it is gone. */
  async killForGood(name: string): Promise<void> {
    this.#down.add(name);
    const child = this.#children.get(name);
    child?.kill("SIGKILL");
    await child?.gone;
  }

  /** Starts one that is down. It keeps `extra` until it is started in this way again. */
  async startAgain(plan: Supervised, extra: Environment = {}): Promise<void> {
    if (this.#children.has(plan.name)) return;
    this.#down.delete(plan.name);
    this.#extra.set(plan.name, extra);
    await this.#startOne(plan);
  }

  /** Also ends the processes that are being started. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
    await Promise.allSettled(this.#starting.values());
  }

  /** SIGKILL to all of them in one go; nothing is started again. */
  async kill(): Promise<void> {
    this.#stopping.abort();
    const children = [...this.#children.values()];
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.gone));
    await Promise.allSettled(this.#starting.values());
  }

  /** One start at a time per process: who comes second waits for the first. */
  #startOne(plan: Supervised): Promise<void> {
    const running = this.#starting.get(plan.name);
    if (running) return running;
    const starting = this.#launch(plan).finally(() => this.#starting.delete(plan.name));
    this.#starting.set(plan.name, starting);
    return starting;
  }

  async #launch(plan: Supervised): Promise<void> {
    const child = await plan.start(this.#stopping.signal, this.#extra.get(plan.name) ?? {});
    if (this.#stopping.signal.aborted) return child.stop();
    if (this.#down.has(plan.name)) return child.kill("SIGKILL"); // killed while it was being started again
    this.#children.set(plan.name, child);
    void this.#watch(plan, child, this.#options.clock.nowMs());
  }

  async #watch(plan: Supervised, child: Child, startedAtMs: number): Promise<void> {
    const how = await child.gone;
    this.#children.delete(plan.name);
    if (this.#stopping.signal.aborted || this.#staysDown(plan.name)) return;
    if (how === leftInOrder) {
      this.#down.add(plan.name);
      return this.#options.say(`${plan.name} has left`);
    }
    const stable = this.#options.clock.nowMs() - startedAtMs > stableAfterMs;
    this.#options.say(`${plan.name} died (${how}) and is started again`);
    await this.#restart(plan, stable ? firstPauseMs : firstPauseMs * 2);
  }

  #staysDown(name: string): boolean {
    return this.#down.has(name) || this.#unattended.has(name);
  }

  /** Without an end on purpose: the supervisor's work is to keep its processes up; the pause has the limit. */
  async #restart(plan: Supervised, pauseMs: number): Promise<void> {
    await this.#options.clock.wait(pauseMs, this.#stopping.signal);
    if (this.#stopping.signal.aborted || this.#staysDown(plan.name) || this.#children.has(plan.name)) return;
    try {
      await this.#startOne(plan);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#options.say(error instanceof Error ? error.message : String(error));
      await this.#restart(plan, Math.min(pauseMs * 2, longestPauseMs));
    }
  }
}
