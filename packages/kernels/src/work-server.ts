/** Does what the runner's side asks for, one request after the other in the order of arrival; in a thread or in a process. */
import { computePlane } from "./compute-plane.ts";
import { computeView } from "./compute-view.ts";
import { computeVoxels, VoxelKernels } from "./compute-voxels.ts";
import { VolumeTooLargeFault } from "./faults.ts";
import { engineOf, type EngineOptions } from "./engine.ts";
import { ResidentKernels } from "./resident-kernels.ts";
import type { Work, WorkAnswer, WorkDone, WorkReply, WorkRequest } from "./worker-protocol.ts";

/** What fails beside the work itself rejects, and is to end the worker: its client then answers for it. */
export type Serve = (request: WorkRequest) => Promise<void>;

export function workServer(options: EngineOptions, reply: (reply: WorkReply) => void): Serve {
  const kernels = new ResidentKernels(options);
  const voxelKernels = new VoxelKernels(options);
  let turn = Promise.resolve();

  const perform = async (work: Work): Promise<WorkDone> => {
    switch (work.kind) {
      case "plane": {
        const { values, kernel } = await computePlane(kernels.open(work.volume, "rays"), work.task);
        return { values, engine: engineOf(kernel, options.engine) };
      }
      case "view": {
        const { values, kernel } = await computeView(kernels.open(work.volume, "rendering"), work.task);
        return { values, engine: engineOf(kernel, options.engine) };
      }
      case "voxels": {
        const kernel = voxelKernels.kernelFor(work.program);
        const values = await computeVoxels(kernel, work.program, work.tile);
        return { values, engine: engineOf(kernel, options.engine) };
      }
    }
  };
  const serve: Serve = async (request) => {
    if ("releaseProgram" in request) return voxelKernels.release(request.releaseProgram);
    const answer: WorkAnswer = await perform(request.work).catch(failed);
    reply({ id: request.id, answer });
  };
  return (request) => {
    turn = turn.then(() => serve(request));
    return turn;
  };
}

function failed(error: unknown): WorkAnswer {
  if (error instanceof VolumeTooLargeFault)
    return { tooLarge: { neededBytes: error.neededBytes, budgetBytes: error.budgetBytes } };
  return { failed: error instanceof Error ? error.message : String(error) };
}
