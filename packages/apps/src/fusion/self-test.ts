/** Grey alone, the palette's end alone, both in the middle, and a pixel of nothing. */
import { voxelSelfTest } from "@releve/kernels/self-test/voxel-self-test";
import { hotIron } from "./hot-iron.ts";
import { blendKernel } from "./kernel.ts";

const petTop = 7;
const hu = [240, -1000, 40, Number.NaN];
const uptake = [0, 20, (petTop * 128.2) / 255, 1];
/** Three quarters of the grey and a quarter of black, white and red. */
const colors = [[191, 191, 191], [64, 64, 64], [159, 96, 96], [Number.NaN]];

export const fusionSelfTest = voxelSelfTest({
  task: {
    kernel: blendKernel,
    frames: [Float32Array.from(hu), Float32Array.from(uptake)],
    tables: { palette: { columns: 3, values: hotIron } },
    numbers: { alpha: 0.25, ctLow: -160, ctWidth: 400, petTop },
    outputs: 1,
  },
  wanted: [colors.map(([red, green, blue]) => (red! * 256 + green!) * 256 + blue!)],
  tolerance: 0,
});
