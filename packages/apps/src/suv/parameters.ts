/** What can be asked of the SUV. Lengths in mm, LPS; volumes in ml; thresholds in the kind's unit. */
import { z } from "zod";
import { regionShape } from "../regions/region-shape.ts";
import { suvKinds } from "./suv-kind.ts";

const threshold = z.discriminatedUnion("mode", [
  /** Every connected region at or above it. */
  z
    .object({
      mode: z.literal("fixed"),
      suv: z.number().positive().max(100).meta({ en: "SUV of at least", fr: "SUV d'au moins" }),
    })
    .meta({ en: "a fixed SUV", fr: "un SUV fixe" }),
  /** Of the largest value: the one connected region that holds it. */
  z
    .object({
      mode: z.literal("percentOfMax"),
      percent: z.number().min(1).max(99).meta({ en: "Percent", fr: "Pour cent" }),
    })
    .meta({ en: "a percentage of the maximum", fr: "un pourcentage du maximum" }),
]);

const region = z.object({
  within: regionShape.meta({ en: "Within", fr: "Dans" }),
  threshold: threshold.meta({ en: "Threshold", fr: "Seuil" }),
  /** Smaller connected regions are left out. */
  regionMlMin: z.number().min(0).max(1000).meta({ en: "Regions from (ml)", fr: "Régions à partir de (ml)" }),
  /** The largest ones. */
  regionsMax: z.int().min(1).max(50).meta({ en: "Regions at most", fr: "Régions au plus" }),
});

export const suvParameters = z
  .object({
    kind: z.enum(suvKinds).meta({
      en: "Kind",
      fr: "Type",
      options: {
        SUVbw: { en: "SUVbw (body weight)", fr: "SUVbw (poids)" },
        "SUVlbm(Janma)": { en: "SUL (Janmahasatian)", fr: "SUL (Janmahasatian)" },
        "SUVlbm(James128)": { en: "SUL (James)", fr: "SUL (James)" },
        SUVbsa: { en: "SUVbsa (Du Bois)", fr: "SUVbsa (Du Bois)" },
      },
    }),
    /** The whole volume as images of SUV. */
    images: z.boolean().meta({ en: "SUV images", fr: "Images SUV" }),
    /** What to measure: metabolic volume, SUVmax, mean, peak. */
    region: region
      .meta({ en: "Measure regions of uptake", fr: "Mesurer des régions de fixation" })
      .optional(),
  })
  .refine(({ images, region: asked }) => images || asked !== undefined, "neither images nor a region");

export type SuvParameters = z.infer<typeof suvParameters>;
export type SuvRegion = z.infer<typeof region>;
