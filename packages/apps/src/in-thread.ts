/**
 * Runs seconds of plain arithmetic in a thread of its own. In the main loop they would keep the node from answering, and a node
 * that does not turn for some seconds is taken for dead.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { onAbort } from "@releve/domain/on-abort";
import { ComputeThreadFault } from "./faults.ts";

/**
 * @param module that calls `answer`; `input` reaches it as a structured clone, shared memory without a copy
 * @throws ComputeThreadFault where the thread ends without an answer, the signal's reason once it is aborted
 */
export async function inThread<Out>(module: URL, input: object, signal: AbortSignal): Promise<Out> {
  signal.throwIfAborted();
  const worker = new Worker(module, { workerData: input });
  const { promise, resolve, reject } = Promise.withResolvers<Out>();
  worker.once("message", resolve);
  worker.once("error", (error) => reject(new ComputeThreadFault("a computing thread failed", error)));
  worker.once("exit", () => reject(new ComputeThreadFault("a computing thread has ended")));
  const ended = new AbortController();
  onAbort(AbortSignal.any([signal, ended.signal]), () => void worker.terminate());
  try {
    return await promise;
  } catch (fault) {
    signal.throwIfAborted();
    throw fault;
  } finally {
    ended.abort();
  }
}

/** In the thread: computes, and hands over the memory of the arrays that `handOver` names. */
export function answer<Out>(
  work: (input: never) => Out,
  handOver: (out: Out) => readonly ArrayBufferLike[],
): void {
  const out = work(workerData as never);
  const buffers = handOver(out).filter((buffer) => buffer instanceof ArrayBuffer);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(out, buffers);
}
