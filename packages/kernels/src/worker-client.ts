/**
 * The runner's side of the worker: requests out, replies matched by id. A lost worker fails everyone who waits, and the next
 * request starts another: how often that is tried is the job's number of attempts, not decided here.
 */
import { Worker } from "node:worker_threads";
import { KernelComputeFault, KernelWorkerFault, VolumeTooLargeFault } from "./faults.ts";
import type { EngineOptions } from "./engine.ts";
import type { VoxelProgram } from "./voxel-program.ts";
import type { Work, WorkDone, WorkReply, WorkRequest } from "./worker-protocol.ts";

type Waiting = { readonly resolve: (done: WorkDone) => void; readonly reject: (error: Error) => void };

/** A thread, or a process that is spoken to as if it were one. */
export type KernelWorker = {
  on(event: "message", listener: (reply: WorkReply) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "exit", listener: () => void): unknown;
  postMessage(request: WorkRequest, handedOver?: ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
};

export type SpawnWorker = (options: EngineOptions) => KernelWorker;

const spawnKernelWorker: SpawnWorker = (options) =>
  new Worker(new URL("./worker.ts", import.meta.url), { workerData: options });

export class WorkerClient {
  readonly #options: EngineOptions;
  readonly #spawn: SpawnWorker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: KernelWorker | undefined;
  #nextId = 1;
  #closed = false;

  constructor(options: EngineOptions, spawn: SpawnWorker = spawnKernelWorker) {
    this.#options = options;
    this.#spawn = spawn;
  }

  /** @throws VolumeTooLargeFault, KernelComputeFault or KernelWorkerFault. */
  compute(work: Work): Promise<WorkDone> {
    if (this.#closed) return Promise.reject(new KernelWorkerFault("the kernel runner is closed"));
    const worker = (this.#worker ??= this.#start());
    const request: WorkRequest = { id: this.#nextId++, work };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      worker.postMessage(request, handedOver(work));
    });
  }

  /** Frees what a program over voxels holds, after the tiles that are under way. */
  release(program: VoxelProgram): void {
    const request: WorkRequest = { releaseProgram: program.key };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
    this.#worker?.postMessage(request);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): KernelWorker {
    const worker = this.#spawn(this.#options);
    worker.on("message", (reply: WorkReply) => this.#settle(reply));
    worker.on("error", (error) =>
      this.#lose(worker, new KernelWorkerFault("the kernel worker failed", error)),
    );
    worker.on("exit", () => this.#lose(worker, new KernelWorkerFault("the kernel worker has ended")));
    return worker;
  }

  #settle({ id, answer }: WorkReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if ("values" in answer) waiting?.resolve(answer);
    else if ("tooLarge" in answer)
      waiting?.reject(new VolumeTooLargeFault(answer.tooLarge.neededBytes, answer.tooLarge.budgetBytes));
    else waiting?.reject(new KernelComputeFault(answer.failed));
  }

  /** An error is followed by an exit: the second of them finds another worker, or none, and changes nothing. */
  #lose(worker: KernelWorker, fault: KernelWorkerFault): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }
}

/** Copies made for the worker go to it; shared memory is seen by both. */
function handedOver(work: Work): ArrayBuffer[] {
  if (work.kind !== "voxels") return [];
  return work.tile.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}
