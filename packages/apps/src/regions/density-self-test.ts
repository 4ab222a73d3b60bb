/** Values beside each bound and on it. */
import { voxelSelfTest } from "@releve/kernels/self-test/voxel-self-test";
import { densityClass } from "./density-class.ts";

export const densitySelfTest = voxelSelfTest({
  task: {
    kernel: densityClass,
    frames: [Float32Array.of(-1024, -951, -950, -949, 129, 130, 399, 400, 3071)],
    tables: { bounds: { columns: 3, values: Float32Array.of(-950, 130, 400) } },
    numbers: { count: 3 },
    outputs: 1,
  },
  wanted: [[0, 0, 1, 1, 1, 2, 2, 3, 3]],
  tolerance: 0,
});
