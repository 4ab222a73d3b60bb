/** Apparent diffusion coefficient: how fast the signal falls with the b-value. */
import type { VolumesApplication } from "../application.ts";
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
  compute: computeAdc,
};
