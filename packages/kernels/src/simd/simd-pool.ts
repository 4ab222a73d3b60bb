/**
 * The engine's threads. An order goes to all of them, or to one, and is done when each has answered. Lost threads fail what
 * waits; the pool is then of no more use, and its owner opens another.
 */
import { Worker } from "node:worker_threads";
import { KernelComputeFault, KernelWorkerFault } from "../faults.ts";
import type { SimdOrder, SimdReply, SimdWorkerData } from "./simd-protocol.ts";

type Waiting = {
  left: number;
  failed: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

export class SimdPool {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #lost: KernelWorkerFault | undefined;

  constructor(threads: number, data: SimdWorkerData) {
    this.#workers = Array.from(
      { length: threads },
      () => new Worker(new URL("./simd-worker.ts", import.meta.url), { workerData: data }),
    );
    for (const worker of this.#workers) {
      worker.on("message", (reply: SimdReply) => this.#settle(reply));
      worker.on("error", (error) => this.#lose(new KernelWorkerFault("a SIMD thread failed", error)));
      worker.on("exit", () => this.#lose(new KernelWorkerFault("a SIMD thread has ended")));
    }
  }

  get threads(): number {
    return this.#workers.length;
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** One order to each thread; all threads the same one, or each the one for its number. @throws KernelComputeFault, KernelWorkerFault. */
  all(order: SimdOrder | ((thread: number) => SimdOrder)): Promise<void> {
    return this.#send(this.#workers, order);
  }

  /** @throws KernelComputeFault or KernelWorkerFault. */
  one(order: SimdOrder): Promise<void> {
    return this.#send(this.#workers.slice(0, 1), order);
  }

  async close(): Promise<void> {
    this.#lose(new KernelWorkerFault("the SIMD engine is closed"));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #send(workers: readonly Worker[], order: SimdOrder | ((thread: number) => SimdOrder)): Promise<void> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { left: workers.length, failed: undefined, resolve, reject });
      for (const [thread, worker] of workers.entries())
        worker.postMessage({ id, ...(typeof order === "function" ? order(thread) : order) });
    });
  }

  #settle({ id, failed }: SimdReply): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    waiting.failed ??= failed;
    if (--waiting.left > 0) return;
    this.#waiting.delete(id);
    if (waiting.failed === undefined) waiting.resolve();
    else waiting.reject(new KernelComputeFault(waiting.failed));
  }

  #lose(fault: KernelWorkerFault): void {
    this.#lost ??= fault;
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
  }
}
