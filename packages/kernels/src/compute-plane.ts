/** Runs one task tile by tile, and slab by slab where the volume is not held whole, and puts the plane together. */
import type { BuiltKernel } from "./engine.ts";
import { rayModes } from "./kernels/sample-rays.ts";
import type { RayTask } from "./ray-task.ts";
import type { SlabbedVolume } from "./resident-kernels.ts";
import { outsideLimit, outsideValue } from "./sampling-rules.ts";
import { placeTile, tileArguments, tilesOf } from "./tiles.ts";
import { slabArguments, touchedSlabs, type VolumeSlab } from "./volume-slabs.ts";

/** What came out, and a kernel that computed it. */
export type Computed = { readonly values: Float32Array<ArrayBuffer>[]; readonly kernel: BuiltKernel };

/** Real-world values. */
export async function computePlane(volume: SlabbedVolume, task: RayTask): Promise<Computed> {
  const slabs = touchedSlabs(volume.slabs, task);
  const { sampled, kernel } =
    slabs.length === 1 ? await sampleWhole(volume, slabs[0]!, task) : await combineSlabs(volume, slabs, task);
  const values = new Float32Array(sampled.length);
  for (let index = 0; index < values.length; index++) {
    const stored = sampled[index]!;
    values[index] = stored < outsideLimit ? Number.NaN : stored * task.slope + task.intercept;
  }
  return { values: [values], kernel };
}

/** Stored values, `outsideValue` where no sample counted. */
type Sampled = { readonly sampled: Float32Array | Float64Array; readonly kernel: BuiltKernel };

async function sampleWhole(volume: SlabbedVolume, slab: VolumeSlab, task: RayTask): Promise<Sampled> {
  const kernel = await volume.kernelFor(slab);
  return { sampled: await sampleSlab(kernel, slab, task, task.mode), kernel };
}

async function sampleSlab(
  kernel: BuiltKernel,
  slab: VolumeSlab,
  task: RayTask,
  mode: number,
): Promise<Float32Array> {
  const values = new Float32Array(task.columns * task.rows);
  for (const tile of tilesOf(task)) {
    const rays = [...tileArguments(task, tile), ...task.along, task.steps];
    placeTile(await kernel(...rays, mode, ...slabArguments(slab)), tile, task.columns, values);
  }
  return values;
}

/** What is resident first: the order changes no largest or smallest value, and a sum in float64 only beyond float32. */
async function combineSlabs(
  volume: SlabbedVolume,
  slabs: readonly VolumeSlab[],
  task: RayTask,
): Promise<Sampled> {
  const modes = task.mode === rayModes.mean ? [rayModes.sum, rayModes.count] : [task.mode];
  const combined = modes.map(() => new Float64Array(task.columns * task.rows).fill(outsideValue));
  const inTurn = slabs.toSorted((a, b) => Number(volume.isResident(b)) - Number(volume.isResident(a)));
  let kernel: BuiltKernel | undefined;
  for (const slab of inTurn) {
    kernel = await volume.kernelFor(slab);
    for (const [index, mode] of modes.entries())
      combine(combined[index]!, await sampleSlab(kernel, slab, task, mode), mode);
  }
  const [values, counts] = combined;
  if (!counts) return { sampled: values!, kernel: kernel! };
  const mean = (sum: number, index: number) => (sum < outsideLimit ? sum : sum / counts[index]!);
  return { sampled: values!.map(mean), kernel: kernel! };
}

function combine(into: Float64Array, values: Float32Array, mode: number): void {
  for (let index = 0; index < into.length; index++) {
    const [before, value] = [into[index]!, values[index]!];
    if (value < outsideLimit) continue;
    if (before < outsideLimit) into[index] = value;
    else if (mode === rayModes.max) into[index] = Math.max(before, value);
    else if (mode === rayModes.min) into[index] = Math.min(before, value);
    else into[index] = before + value;
  }
}
