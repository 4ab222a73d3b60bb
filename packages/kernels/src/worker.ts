/** The worker's side: one request after the other, in the order of arrival, so that the node's main loop stays free. */
import { parentPort, workerData } from "node:worker_threads";
import { computePlane } from "./compute-plane.ts";
import { VolumeTooLargeFault } from "./faults.ts";
import { engineOf, ResidentKernels, type EngineOptions } from "./resident-kernels.ts";
import type { WorkReply, WorkRequest } from "./worker-protocol.ts";

const port = parentPort;
if (!port) throw new Error("this module runs only as a worker");
const options = workerData as EngineOptions;
const kernels = new ResidentKernels(options);
let turn = Promise.resolve();

port.on("message", (request: WorkRequest) => {
  turn = turn.then(() => serve(request));
});

async function serve(request: WorkRequest): Promise<void> {
  const reply = await answer(request);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  port!.postMessage(reply, "values" in reply ? [reply.values.buffer] : []);
}

async function answer({ id, volume, task }: WorkRequest): Promise<WorkReply> {
  try {
    const kernel = await kernels.kernelFor(volume);
    const values = await computePlane(kernel, task);
    return { id, values, engine: engineOf(kernel, options.engine) };
  } catch (error) {
    if (error instanceof VolumeTooLargeFault)
      return { id, tooLarge: { neededBytes: error.neededBytes, budgetBytes: error.budgetBytes } };
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}
