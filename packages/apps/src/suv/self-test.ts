/** The factor of a known series, on a voxel of each order of size and one that was not measured. */
import { voxelSelfTest } from "@releve/kernels/self-test/voxel-self-test";
import { suvKernel } from "./kernel.ts";

const factor = 0.000294480404713;
const becquerelPerMl = [0, 1, 340, 25_000, 3e6, Number.NaN];

export const suvSelfTest = voxelSelfTest({
  task: {
    kernel: suvKernel,
    frames: [Float32Array.from(becquerelPerMl)],
    tables: {},
    numbers: { factor },
    outputs: 1,
  },
  wanted: [becquerelPerMl.map((value) => value * factor)],
  tolerance: 1e-6,
});
