/** Compiles kernels over voxels with gpu.js and runs them tile by tile. Lives in the worker. */
import { GPU, Input } from "gpu.js";
import type { BuiltKernel, EngineOptions } from "./engine.ts";
import { outsideLimit } from "./sampling-rules.ts";
import type { VoxelProgram, VoxelTile } from "./voxel-program.ts";

type Compiled = { readonly gpu: GPU; readonly kernel: BuiltKernel };

export class VoxelKernels {
  readonly #options: EngineOptions;
  /** By the program's key, until the task that brought it is over. */
  readonly #compiled = new Map<number, Compiled>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  kernelFor(program: VoxelProgram): BuiltKernel {
    const compiled = this.#compiled.get(program.key) ?? compile(program, this.#options);
    this.#compiled.set(program.key, compiled);
    return compiled.kernel;
  }

  async release(key: number): Promise<void> {
    const compiled = this.#compiled.get(key);
    this.#compiled.delete(key);
    await compiled?.gpu.destroy();
  }
}

function compile(program: VoxelProgram, options: EngineOptions): Compiled {
  const gpu = new GPU({ mode: options.engine });
  const settings = {
    argumentTypes: ["Input", ...program.tables.map(() => "Input"), ...program.numbers.map(() => "Float")],
    output: [program.tileVoxels, program.outputs],
    loopMaxIterations: program.loopMaxIterations,
    precision: "single",
    asyncMode: options.threads > 1,
    poolSize: options.threads,
  };
  const kernel = gpu.createKernel(program.source as never, settings as never);
  return { gpu, kernel: kernel as unknown as BuiltKernel };
}

/**
 * The outputs of the tile's voxels. A voxel that is not finite in any frame was not measured: the kernel sees zeros in its
 * place, because NaN is not the same on every engine, and every output of it is NaN. So is an output at or below
 * `outsideLimit`, by which a kernel says that there is no value.
 */
export async function computeVoxels(
  kernel: BuiltKernel,
  program: VoxelProgram,
  tile: VoxelTile,
): Promise<Float32Array<ArrayBuffer>[]> {
  const count = tile[0]!.length;
  const { samples, gaps } = interleave(program, tile);
  const input = new Input(samples as never, [program.frameCount, program.tileVoxels]);
  const tables = program.tables.map(
    ({ columns, values }) => new Input(values as never, [columns, values.length / columns]),
  );
  const rows = await kernel(input, ...tables, ...program.numbers);
  return rows.map((row) => {
    const values = new Float32Array(row.subarray(0, count));
    for (let voxel = 0; voxel < count; voxel++)
      if (gaps[voxel] || values[voxel]! < outsideLimit) values[voxel] = Number.NaN;
    return values;
  });
}

function interleave({ frameCount, tileVoxels }: VoxelProgram, tile: VoxelTile) {
  const samples = new Float32Array(tileVoxels * frameCount);
  const gaps = new Uint8Array(tileVoxels);
  for (const [frame, values] of tile.entries())
    for (let voxel = 0; voxel < values.length; voxel++) {
      const value = values[voxel]!;
      samples[voxel * frameCount + frame] = value;
      if (!Number.isFinite(value)) gaps[voxel] = 1;
    }
  for (let voxel = 0; voxel < tileVoxels; voxel++)
    if (gaps[voxel]) samples.fill(0, voxel * frameCount, (voxel + 1) * frameCount);
  return { samples, gaps };
}
