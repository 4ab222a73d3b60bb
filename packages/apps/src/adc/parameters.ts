/** What can be asked of the ADC. b-values in s/mm2. */
import { z } from "zod";

export const adcParameters = z.object({
  /** `signal`: each b-value counts with its signal squared, which undoes what the logarithm does to noise; `none`: all alike. */
  weighting: z.enum(["none", "signal"]),
  /** Volumes below this b-value are left out: perfusion (IVIM) counts less then. 0 takes all. */
  bValueMin: z.number().min(0).max(1000),
  /** Voxels whose signal at the lowest b-value is below this fraction of the brightest (99th percentile) hold no value. */
  backgroundFraction: z.number().min(0).max(0.5),
  /** Also as ordinary MR images, for viewers that show no parametric maps. */
  classicImages: z.boolean(),
});

export type AdcParameters = z.infer<typeof adcParameters>;

export const defaultAdcParameters: AdcParameters = {
  weighting: "none",
  bValueMin: 0,
  backgroundFraction: 0.05,
  classicImages: true,
};
