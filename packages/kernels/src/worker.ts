/** The worker's side: one request after the other, in the order of arrival, so that the node's main loop stays free. */
import { parentPort, workerData } from "node:worker_threads";
import { computePlane } from "./compute-plane.ts";
import { computeView } from "./compute-view.ts";
import { computeVoxels, VoxelKernels } from "./compute-voxels.ts";
import { VolumeTooLargeFault } from "./faults.ts";
import { engineOf, ResidentKernels, type EngineOptions } from "./resident-kernels.ts";
import type { Work, WorkAnswer, WorkDone, WorkReply, WorkRequest } from "./worker-protocol.ts";

const port = parentPort;
if (!port) throw new Error("this module runs only as a worker");
const options = workerData as EngineOptions;
const kernels = new ResidentKernels(options);
const voxelKernels = new VoxelKernels(options);
let turn = Promise.resolve();

port.on("message", (request: WorkRequest) => {
  turn = turn.then(() => serve(request));
});

/** What fails in here ends the worker: its client then answers for it. */
async function serve(request: WorkRequest): Promise<void> {
  if ("releaseProgram" in request) return voxelKernels.release(request.releaseProgram);
  const reply: WorkReply = { id: request.id, answer: await answerTo(request.work) };
  const handedOver = "values" in reply.answer ? reply.answer.values.map(({ buffer }) => buffer) : [];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  port!.postMessage(reply, handedOver);
}

async function answerTo(work: Work): Promise<WorkAnswer> {
  try {
    return await perform(work);
  } catch (error) {
    if (error instanceof VolumeTooLargeFault)
      return { tooLarge: { neededBytes: error.neededBytes, budgetBytes: error.budgetBytes } };
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(work: Work): Promise<WorkDone> {
  switch (work.kind) {
    case "plane": {
      const kernel = await kernels.kernelFor(work.volume, "rays");
      const values = await computePlane(kernel, work.task);
      return { values: [values], engine: engineOf(kernel, options.engine) };
    }
    case "view": {
      const kernel = await kernels.kernelFor(work.volume, "rendering");
      const values = await computeView(kernel, work.task);
      return { values, engine: engineOf(kernel, options.engine) };
    }
    case "voxels": {
      const kernel = voxelKernels.kernelFor(work.program);
      const values = await computeVoxels(kernel, work.program, work.tile);
      return { values, engine: engineOf(kernel, options.engine) };
    }
  }
}
