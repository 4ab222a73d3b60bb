/** What can be asked of the ADC. b-values in s/mm2. */
import { z } from "zod";

export const adcParameters = z.object({
  /** `signal`: each b-value counts with its signal squared, which undoes what the logarithm does to noise; `none`: all alike. */
  weighting: z.enum(["none", "signal"]).meta({
    en: "Weighting of the fit",
    fr: "Pondération de l'ajustement",
    options: {
      none: { en: "all b-values alike", fr: "toutes les valeurs de b égales" },
      signal: { en: "by the signal", fr: "par le signal" },
    },
  }),
  /** Volumes below this b-value are left out: perfusion (IVIM) counts less then. 0 takes all. */
  bValueMin: z
    .number()
    .min(0)
    .max(1000)
    .meta({ en: "b-values from (s/mm²)", fr: "Valeurs de b à partir de (s/mm²)" }),
  /** Voxels whose signal at the lowest b-value is below this fraction of the brightest (99th percentile) hold no value. */
  backgroundFraction: z.number().min(0).max(0.5).meta({
    en: "Background below (fraction of the brightest)",
    fr: "Fond en dessous de (fraction du plus intense)",
  }),
  /** Also as ordinary MR images, for viewers that show no parametric maps. */
  classicImages: z.boolean().meta({ en: "Also as ordinary MR images", fr: "Aussi en images IRM ordinaires" }),
});

export type AdcParameters = z.infer<typeof adcParameters>;

export const defaultAdcParameters: AdcParameters = {
  weighting: "none",
  bValueMin: 0,
  backgroundFraction: 0.05,
  classicImages: true,
};
