/** The runner's side of the worker: requests out, replies matched by id, a lost worker told to everyone who waits. */
import { Worker } from "node:worker_threads";
import { KernelComputeFault, KernelWorkerFault, VolumeTooLargeFault } from "./faults.ts";
import type { PlaneValues } from "./kernel-runner.ts";
import type { EngineOptions } from "./resident-kernels.ts";
import type { RayTask } from "./ray-task.ts";
import type { SharedVolume } from "./shared-volume.ts";
import type { WorkReply, WorkRequest } from "./worker-protocol.ts";

type Waiting = { readonly resolve: (values: PlaneValues) => void; readonly reject: (error: Error) => void };

export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #lost: KernelWorkerFault | undefined;

  constructor(options: EngineOptions) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: options });
    this.#worker.on("message", (reply: WorkReply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#lose(new KernelWorkerFault("the kernel worker failed", error)));
    this.#worker.on("exit", () => this.#lose(new KernelWorkerFault("the kernel worker has ended")));
  }

  /** @throws VolumeTooLargeFault, KernelComputeFault or KernelWorkerFault. */
  compute(volume: SharedVolume, task: RayTask): Promise<PlaneValues> {
    if (this.#lost) return Promise.reject(this.#lost);
    const request: WorkRequest = { id: this.#nextId++, volume, task };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: WorkReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("values" in reply) waiting?.resolve({ values: reply.values, engine: reply.engine });
    else if ("tooLarge" in reply)
      waiting?.reject(new VolumeTooLargeFault(reply.tooLarge.neededBytes, reply.tooLarge.budgetBytes));
    else waiting?.reject(new KernelComputeFault(reply.failed));
  }

  #lose(fault: KernelWorkerFault): void {
    this.#lost ??= fault;
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
  }
}
