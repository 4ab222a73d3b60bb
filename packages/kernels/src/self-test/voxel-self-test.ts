/** The self-test of a kernel over voxels: a task of a few voxels whose answer is known. */
import type { VoxelTask } from "../kernel-runner.ts";
import { worstDifference, type SelfTest } from "./self-test.ts";

export type KnownVoxels = {
  readonly task: VoxelTask;
  /** `wanted[output][voxel]`. */
  readonly wanted: readonly (readonly number[])[];
  /** Relative to the largest wanted value of each output. */
  readonly tolerance: number;
};

export function voxelSelfTest({ task, wanted, tolerance }: KnownVoxels): SelfTest {
  return {
    kernel: task.kernel.name,
    tolerance,
    run: async (runner) => {
      const { values, engine } = await runner.mapVoxels(task);
      const parts = wanted.map((row, output) => {
        const largest = Math.max(...row.filter(Number.isFinite).map(Math.abs)) || 1;
        return worstDifference(values[output] ?? [], row) / largest;
      });
      return { worst: Math.max(...parts), engine };
    },
  };
}
