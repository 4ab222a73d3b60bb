/** The kernel runner on gpu.js 2.24: WebAssembly with SIMD and threads, or plain JavaScript as the oracle. */
import type { Volume } from "@releve/domain/volume";
import { spawnGpuProcess } from "./gpu/spawn-gpu-process.ts";
import { inOrder } from "./in-order.ts";
import type { KernelRunner, PlaneValues, RenderedView } from "./kernel-runner.ts";
import { mapVoxels } from "./map-voxels.ts";
import { rayTask, resliceTask, type RayTask } from "./ray-task.ts";
import { renderTask, type RenderTask } from "./render-task.ts";
import type { EngineName } from "./engine.ts";
import { sharedVolume } from "./shared-volume.ts";
import { reconstructByKernel } from "./tomography/reconstruct-by-kernel.ts";
import { unpackView } from "./unpack-view.ts";
import { WorkerClient } from "./worker-client.ts";

export type KernelRunnerOptions = {
  readonly engine: EngineName;
  /** Threads of one kernel; `cpu` always uses one. */
  readonly threads: number;
  /** Memory for the kernels' float32 copies of volumes. One that alone needs more is computed in slabs, or refused with the numbers. */
  readonly budgetBytes?: number;
  /** `webgpu` alone: also a software adapter, which is for checking shaders and no more. */
  readonly allowSoftwareGpu?: boolean;
};

/** 512 x 512 x 2,000 slices, half of what one WebAssembly memory can address. */
export const defaultBudgetBytes = 2 ** 31;

/** A runner that has computed once: `engine` is what really runs, with the reason where it is not what was asked for. */
export type GpuJsRunner = KernelRunner & { readonly engine: string };

/** @throws KernelWorkerFault or KernelComputeFault when not even one voxel can be computed. */
export async function openGpuJsRunner(options: KernelRunnerOptions): Promise<GpuJsRunner> {
  const { engine: wanted, threads, budgetBytes = defaultBudgetBytes, allowSoftwareGpu = false } = options;
  const engineOptions = { engine: wanted, threads: wanted === "webasm" ? threads : 1, budgetBytes };
  const client =
    wanted === "webgpu"
      ? new WorkerClient(engineOptions, (own) => spawnGpuProcess({ ...own, allowSoftware: allowSoftwareGpu }))
      : new WorkerClient(engineOptions);
  const sample = (volume: Volume) => {
    const shared = sharedVolume(volume);
    return async (task: RayTask): Promise<PlaneValues> => {
      const { values, engine } = await client.compute({ kind: "plane", volume: shared, task });
      return { values: values[0]!, engine };
    };
  };
  const see = (volume: Volume) => {
    const shared = sharedVolume(volume);
    return async (task: RenderTask): Promise<RenderedView> => {
      const { values, engine } = await client.compute({ kind: "view", volume: shared, task });
      return { rgba: unpackView(values[0]!, values[1]!), engine };
    };
  };
  const engine = await probe(sample(oneVoxel)).catch(async (error) => {
    await client.close();
    throw error;
  });
  const map: KernelRunner["mapVoxels"] = (task, signal, onProgress) =>
    mapVoxels(task, client, engine, signal, onProgress);
  return {
    engine,
    reslice: (volume, planes, signal) =>
      inOrder(
        planes.map((plane) => resliceTask(volume, plane)),
        sample(volume),
        signal,
      ),
    project: (volume, slabs, projection, signal) =>
      inOrder(
        slabs.map((slab) => rayTask(volume, slab, projection)),
        sample(volume),
        signal,
      ),
    render: (volume, views, look, signal) =>
      inOrder(
        views.map((view) => renderTask(volume, view, look)),
        see(volume),
        signal,
      ),
    mapVoxels: map,
    reconstruct: (scan, grid, signal) => reconstructByKernel(map, scan, grid, budgetBytes, signal),
    close: () => client.close(),
  };
}

const oneVoxel: Volume = {
  geometry: {
    columns: 1,
    rows: 1,
    slices: 1,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 1],
  },
  voxels: { kind: "stored", values: new Int16Array([7]), slope: 1, intercept: 0 },
};

async function probe(run: (task: RayTask) => Promise<{ readonly engine: string }>): Promise<string> {
  return (await run(resliceTask(oneVoxel, oneVoxel.geometry))).engine;
}
