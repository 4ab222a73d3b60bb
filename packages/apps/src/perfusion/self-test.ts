/**
 * Both kernels on inverses that one sees through: the first leaves a curve as it is, the second takes the mean with the step
 * before. Peaks, their lags by the parabola, and the oscillation (bends over the peak) are then mental arithmetic: 7/4, 4/2 and
 * 3/2 for the three curves.
 */
import { voxelSelfTest } from "@releve/kernels/self-test/voxel-self-test";
import { residueKernel, truncationKernel } from "./kernel.ts";

const curves = [
  [1, 4, 3, 1],
  [2, 2, 2, 2],
  [1, 2, 1, 0],
  [0, 0, 0, 0],
];
const frames = [0, 1, 2, 3].map((step) => Float32Array.from(curves, (curve) => curve[step]!));
const numbers = { count: 4, lagMax: 3, lagMin: -1, size: 8 };

const asItIs = [1, 0, 0, 0, 0, 0, 0, 0];
const meanWithBefore = [0.5, 0.5, 0, 0, 0, 0, 0, 0];
const twice = (row: readonly number[]) => [...row, ...row];
const tables = {
  inverse: { columns: 16, values: Float32Array.from([...twice(asItIs), ...twice(meanWithBefore)]) },
};

export const truncationSelfTest = voxelSelfTest({
  task: {
    kernel: truncationKernel,
    frames,
    tables,
    numbers: { ...numbers, oscillationMax: 1.6, levels: 2, rounds: 2 },
    outputs: 1,
  },
  wanted: [[1, 1, 0, 1]],
  tolerance: 0,
});

export const residueSelfTest = voxelSelfTest({
  task: {
    kernel: residueKernel,
    frames: [...frames, Float32Array.of(0, 1, 1, 0)],
    tables,
    numbers,
    outputs: 2,
  },
  wanted: [
    [4, 2, 1.5, 0],
    [1.25, 1.5, 1.5, 0],
  ],
  tolerance: 1e-6,
});
