/** Runs a kernel over all voxels of a task, tile after tile, and puts the maps together. */
import { inOrder } from "./in-order.ts";
import type { VoxelMaps, VoxelTask } from "./kernel-runner.ts";
import { voxelProgram, type VoxelTile } from "./voxel-program.ts";
import type { WorkerClient } from "./worker-client.ts";

/**
 * `engine` names what ran; for a task without voxels, `engineAtRest`.
 * @throws RangeError for a task that cannot be run as it stands, the signal's reason once it is aborted.
 */
export async function mapVoxels(
  task: VoxelTask,
  client: Pick<WorkerClient, "compute" | "release">,
  engineAtRest: string,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<VoxelMaps> {
  const program = voxelProgram(task);
  const voxels = task.frames[0]!.length;
  const values = Array.from({ length: task.outputs }, () => new Float32Array(voxels));
  const run = (tile: VoxelTile) => client.compute({ kind: "voxels", program, tile });
  let engine = engineAtRest;
  let done = 0;
  try {
    for await (const maps of inOrder(tiles(task.frames, program.tileVoxels), run, signal)) {
      for (const [output, part] of maps.values.entries()) values[output]!.set(part, done);
      done += maps.values[0]!.length;
      engine = maps.engine;
      onProgress?.(done / voxels);
    }
  } finally {
    client.release(program);
  }
  return { values, engine };
}

/** Views where the memory is shared, else copies that are handed over: one at a time, so that memory stays bounded. */
function* tiles(frames: readonly Float32Array[], tileVoxels: number): Generator<VoxelTile> {
  for (let start = 0; start < frames[0]!.length; start += tileVoxels)
    yield frames.map((frame) =>
      frame.buffer instanceof SharedArrayBuffer
        ? frame.subarray(start, start + tileVoxels)
        : frame.slice(start, start + tileVoxels),
    );
}
