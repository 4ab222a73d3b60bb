/** What can be asked of the SUV. Lengths in mm, LPS; volumes in ml; thresholds in the kind's unit. */
import { z } from "zod";
import { suvKinds } from "./suv-kind.ts";

const point = z.tuple([z.number(), z.number(), z.number()]).readonly();

const within = z.discriminatedUnion("shape", [
  z.object({ shape: z.literal("volume") }),
  z.object({ shape: z.literal("sphere"), centerLps: point, radiusMm: z.number().positive().max(1000) }),
  z.object({ shape: z.literal("box"), lowLps: point, highLps: point }),
]);

const threshold = z.discriminatedUnion("mode", [
  /** Every connected region at or above it. */
  z.object({ mode: z.literal("fixed"), suv: z.number().positive().max(100) }),
  /** Of the largest value: the one connected region that holds it. */
  z.object({ mode: z.literal("percentOfMax"), percent: z.number().min(1).max(99) }),
]);

const region = z.object({
  within,
  threshold,
  /** Smaller connected regions are left out. */
  regionMlMin: z.number().min(0).max(1000),
  /** The largest ones. */
  regionsMax: z.int().min(1).max(50),
});

export const suvParameters = z
  .object({
    kind: z.enum(suvKinds),
    /** The whole volume as images of SUV. */
    images: z.boolean(),
    /** What to measure: metabolic volume, SUVmax, mean, peak. */
    region: region.optional(),
  })
  .refine(({ images, region: asked }) => images || asked !== undefined, "neither images nor a region");

export type SuvParameters = z.infer<typeof suvParameters>;
export type SuvRegion = z.infer<typeof region>;
export type RegionShape = z.infer<typeof within>;
