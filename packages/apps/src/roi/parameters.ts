/** Which regions to measure. */
import { z } from "zod";
import { regionShape } from "../regions/region-shape.ts";

export const roiParameters = z.object({
  regions: z.array(regionShape).min(1).max(20).readonly().meta({ en: "Regions", fr: "Régions" }),
});

export type RoiParameters = z.infer<typeof roiParameters>;
