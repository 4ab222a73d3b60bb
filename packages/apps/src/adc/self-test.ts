/** Signals that fall by a known ADC: S = S0 exp(-b ADC), at three b-values, the highest of them in two volumes. */
import { voxelSelfTest } from "@releve/kernels/self-test/voxel-self-test";
import { adcKernel } from "./kernel.ts";

const adcUm2PerS = [200, 800, 1700, 3000];
const bValues = [0, 500, 1000, 1000];
const signal = (b: number) => Float32Array.from(adcUm2PerS, (adc) => 900 * Math.exp(-b * adc * 1e-6));

export const adcSelfTest = voxelSelfTest({
  task: {
    kernel: adcKernel,
    frames: bValues.map(signal),
    tables: { levels: { columns: 3, values: Float32Array.of(0, 0, 1, 0.5, 1, 1, 1, 2, 2) } },
    numbers: { bRange: 1000, levelCount: 3, outside: -1e38, signalMin: 1, weighted: 0 },
    outputs: 2,
  },
  wanted: [adcUm2PerS, adcUm2PerS.map((adc) => 900 * Math.exp(-adc * 1e-3))],
  tolerance: 1e-5,
});
