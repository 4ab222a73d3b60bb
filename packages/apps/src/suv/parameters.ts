/** What can be asked of the SUV. Lengths in mm, LPS; volumes in ml; thresholds in the kind's unit. */
import { z } from "zod";
import { suvKinds } from "./suv-kind.ts";

const point = z.tuple([z.number(), z.number(), z.number()]).readonly();

const within = z.discriminatedUnion("shape", [
  z.object({ shape: z.literal("volume") }).meta({ en: "the whole volume", fr: "tout le volume" }),
  z
    .object({
      shape: z.literal("sphere"),
      centerLps: point.meta({ en: "Centre (LPS mm)", fr: "Centre (LPS mm)" }),
      radiusMm: z.number().positive().max(1000).meta({ en: "Radius (mm)", fr: "Rayon (mm)" }),
    })
    .meta({ en: "a sphere", fr: "une sphère" }),
  z
    .object({
      shape: z.literal("box"),
      lowLps: point.meta({ en: "Lowest corner (LPS mm)", fr: "Coin le plus bas (LPS mm)" }),
      highLps: point.meta({ en: "Highest corner (LPS mm)", fr: "Coin le plus haut (LPS mm)" }),
    })
    .meta({ en: "a box", fr: "une boîte" }),
]);

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
  within: within.meta({ en: "Within", fr: "Dans" }),
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
export type RegionShape = z.infer<typeof within>;
