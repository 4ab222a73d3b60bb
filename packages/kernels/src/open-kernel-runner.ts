/** The runner of a node without a GPU: the SIMD engine where it takes the volume, gpu.js for everything else. */
import type { Volume } from "@releve/domain/volume";
import {
  defaultBudgetBytes,
  openGpuJsRunner,
  type GpuJsRunner,
  type KernelRunnerOptions,
} from "./gpu-js-runner.ts";
import { openSimdEngine } from "./simd/open-simd-engine.ts";

/**
 * Engine `cpu` is the oracle and runs alone; so does `webgpu`. Each of the two engines has the budget for itself: what the SIMD engine does not
 * take is float32 in gpu.js, and no volume is in both.
 * @throws KernelWorkerFault or KernelComputeFault when not even one voxel can be computed, or the SIMD engine is not built.
 */
export async function openKernelRunner(options: KernelRunnerOptions): Promise<GpuJsRunner> {
  const gpuJs = await openGpuJsRunner(options);
  if (options.engine !== "webasm") return gpuJs;
  const { threads, budgetBytes = defaultBudgetBytes } = options;
  const simd = await openSimdEngine({ threads, budgetBytes }).catch(async (error) => {
    await gpuJs.close();
    throw error;
  });
  const engineFor = (volume: Volume) => (simd.takes(volume) ? simd : gpuJs);
  return {
    engine: `${simd.engine}, ${gpuJs.engine}`,
    reslice: (volume, ...rest) => engineFor(volume).reslice(volume, ...rest),
    project: (volume, ...rest) => engineFor(volume).project(volume, ...rest),
    render: (volume, ...rest) => engineFor(volume).render(volume, ...rest),
    mapVoxels: gpuJs.mapVoxels,
    reconstruct: simd.reconstruct,
    close: async () => {
      await Promise.all([simd.close(), gpuJs.close()]);
    },
  };
}
