/** Apparent diffusion coefficient: how fast the signal falls with the b-value. */
import type { VolumesApplication } from "../application.ts";
import { perVoxel } from "../need-bytes.ts";
import { computeAdc } from "./compute.ts";
import { refuseDiffusion } from "./diffusion-volumes.ts";
import { adcParameters, defaultAdcParameters, type AdcParameters } from "./parameters.ts";
import { proposeAdc } from "./propose.ts";
import { adcSelfTest } from "./self-test.ts";

export const app: VolumesApplication<AdcParameters> = {
  id: "adc",
  version: "1",
  title: { en: "Apparent diffusion coefficient", fr: "Coefficient de diffusion apparent" },
  users: ["radiologist"],
  parameters: adcParameters,
  kernels: [adcSelfTest],
  takes: "volumes",
  refuses: refuseDiffusion,
  suggest: () => defaultAdcParameters,
  propose: proposeAdc,
  /** The volumes (4), the signals as floats (4) and their copies on the way to the kernel (8), the maps; none of it is collected at once. */
  peakBytes: perVoxel(36),
  compute: computeAdc,
};
