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
  const compute = <Result extends Computed>(
    volume: Volume,
    run: (on: Pick<GpuJsRunner, "reslice" | "project" | "render">) => AsyncIterable<Result>,
  ) => {
    if (simd.takes(volume)) return run(simd);
    // Real-world values are gpu.js' own; stored values are its only because the other engine has no room for them.
    return volume.voxels.kind === "real" ? run(gpuJs) : fallenBack(run(gpuJs), simd.engine);
  };
  return {
    engine: `${simd.engine}, ${gpuJs.engine}`,
    reslice: (volume, ...rest) => compute(volume, (on) => on.reslice(volume, ...rest)),
    project: (volume, ...rest) => compute(volume, (on) => on.project(volume, ...rest)),
    render: (volume, ...rest) => compute(volume, (on) => on.render(volume, ...rest)),
    mapVoxels: gpuJs.mapVoxels,
    reconstruct: simd.reconstruct,
    close: async () => {
      await Promise.all([simd.close(), gpuJs.close()]);
    },
  };
}

type Computed = { readonly engine: string };

/** The engine's name goes into the event and the DICOM object: a fall-back is to be read there. */
async function* fallenBack<Result extends Computed>(
  results: AsyncIterable<Result>,
  from: string,
): AsyncGenerator<Result> {
  for await (const result of results)
    yield {
      ...result,
      engine: `${result.engine} (fallback from ${from}: the volume does not fit its memory)`,
    };
}
