/**
 * Virtual time. One event at a time, ordered by its time and then by when it was scheduled; before the next one runs, every
 * promise that the last one settled has been followed to its end, so that the order never depends on the machine.
 */
import type { Trace } from "./trace.ts";

/** Whose event it is: one of a dead process is dropped, one of a paused process waits until that goes on. */
export type Owner = {
  readonly name: string;
  readonly alive: boolean;
  readonly paused: boolean;
  readonly defer: (event: Scheduled) => void;
};

export type Scheduled = {
  atMs: number;
  order: number;
  readonly what: string;
  readonly act: () => void;
  readonly owner: Owner | undefined;
  /** It settles no promise, so nothing has to be followed after it. */
  readonly quiet: boolean;
  cancelled: boolean;
};

export type ScheduleOptions = { readonly owner?: Owner; readonly quiet?: boolean };

/** A scenario has about ten thousand; one that never comes to rest has a hundred thousand. */
const eventsMax = 1_000_000;

export class Scheduler {
  readonly trace: Trace;
  readonly #heap: Scheduled[] = [];
  #nowMs = 0;
  #order = 0;
  #events = 0;
  #loud = false;

  constructor(trace: Trace) {
    this.trace = trace;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have run. */
  get events(): number {
    return this.#events;
  }

  /** The quiet event at hand turns out to settle a promise. */
  loud(): void {
    this.#loud = true;
  }

  after(
    delayMs: number,
    what: string,
    act: () => void,
    { owner, quiet = false }: ScheduleOptions = {},
  ): Scheduled {
    const event = { atMs: 0, order: 0, what, act, owner, quiet, cancelled: false };
    return this.again(event, delayMs);
  }

  /** Puts an event that was taken out back in. */
  again(event: Scheduled, delayMs: number): Scheduled {
    event.atMs = this.#nowMs + Math.max(0, delayMs);
    event.order = this.#order++;
    this.#push(event);
    return event;
  }

  /**
   * Runs until `finished` says so, nothing is left, or the time is over. @returns whether it finished.
   * @throws Error after `eventsMax` events: somebody does something over and over without waiting.
   */
  async run(finished: () => boolean, untilMs: number): Promise<boolean> {
    for (let next = this.#pop(); next; next = this.#pop()) {
      if (next.atMs > untilMs) {
        this.#push(next);
        return false;
      }
      if (this.#events > eventsMax) throw new Error(`no end after ${eventsMax} events`);
      this.#nowMs = next.atMs;
      const { owner } = next;
      if (next.cancelled || owner?.alive === false) continue;
      if (owner?.paused) owner.defer(next);
      else if (this.#act(next)) {
        await everythingSettled();
        if (finished()) return true;
      }
    }
    return finished();
  }

  /** @returns whether promises may have been settled. */
  #act(event: Scheduled): boolean {
    this.#events++;
    this.trace.note(this.#nowMs, event.owner?.name ?? "world", event.what);
    this.#loud = !event.quiet;
    event.act();
    return this.#loud;
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Scheduled | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first && last && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: Scheduled): void {
    const heap = this.#heap;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, event)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = event;
  }
}

const isBefore = (a: Scheduled, b: Scheduled): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Node runs every microtask, those made by microtasks too, before the next immediate. */
const everythingSettled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
