/** Sorts a volume's voxels into classes of density with the kernel, block after block: only bytes stay in memory. */
import type { Volume } from "@releve/domain/volume";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { realValues } from "../real-values.ts";
import { densityClass } from "./density-class.ts";

/** The class of a voxel in which nothing was measured. */
export const unmeasured = 255;

export type Classified = {
  /** Per voxel, how many of the bounds its value reaches; `unmeasured` for padding. In shared memory. */
  readonly classes: Uint8Array;
  readonly engine: string;
};

/** Values and their classes stand in float32 for so many voxels at once, 32 MiB each; between blocks the main loop turns. */
const blockVoxels = 2 ** 23;

/** @param bounds rising, in real-world values; a value is compared as the nearest float32. */
export async function classifyVoxels(
  volume: Volume,
  bounds: readonly number[],
  runner: Pick<KernelRunner, "mapVoxels">,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<Classified> {
  const classes = new Uint8Array(new SharedArrayBuffer(volume.voxels.values.length));
  const tables = { bounds: { columns: bounds.length, values: Float32Array.from(bounds) } };
  const engines = new Set<string>();
  for (let start = 0; start < classes.length; start += blockVoxels) {
    const frame = realValues(blockOf(volume, start));
    const task = {
      kernel: densityClass,
      frames: [frame],
      tables,
      numbers: { count: bounds.length },
      outputs: 1,
    };
    const { values, engine } = await runner.mapVoxels(task, signal);
    const [block] = values;
    for (let at = 0; at < frame.length; at++)
      classes[start + at] = Number.isNaN(block![at]) ? unmeasured : block![at]!;
    engines.add(engine);
    onProgress?.(Math.min(1, (start + blockVoxels) / classes.length));
  }
  return { classes, engine: [...engines].join(", ") };
}

/** A view of part of the voxels; its grid is that of the whole. */
function blockOf(volume: Volume, start: number): Volume {
  const { voxels } = volume;
  const end = Math.min(start + blockVoxels, voxels.values.length);
  return voxels.kind === "stored"
    ? { ...volume, voxels: { ...voxels, values: voxels.values.subarray(start, end) } }
    : { ...volume, voxels: { ...voxels, values: voxels.values.subarray(start, end) } };
}
