/** What a reader says of the bright lesions of a calcium scan. Lengths in mm, places in the patient's LPS coordinates. */
import { z } from "zod";

const vessel = z.enum(["LM", "LAD", "LCX", "RCA", "not-coronary"]);
const pointLps = z.tuple([z.number(), z.number(), z.number()]);

/** The plaque at a point: all lesions that hang together with the one nearest to it. */
const plaqueLabel = z.object({ kind: z.literal("plaque"), vessel, pointLps });

/** Every lesion whose centre lies in a box: parts a plaque that runs from one vessel into the next, or clears the spine. */
const boxLabel = z.object({ kind: z.literal("box"), vessel, lowLps: pointLps, highLps: pointLps });

export const calciumParameters = z.object({
  /** Applied in order: a later one wins where two name the same lesion. */
  labels: z
    .array(z.discriminatedUnion("kind", [plaqueLabel, boxLabel]))
    .max(200)
    .default([]),
  /** Hydroxyapatite, mg/cm3 per HU, from a scan of a calibration insert with this protocol; null: no mass is computed. */
  massCalibrationMgPerCm3Hu: z.number().positive().max(10).nullable().default(null),
});

export type CalciumParameters = z.infer<typeof calciumParameters>;
export type VesselLabel = CalciumParameters["labels"][number];
export type Vessel = VesselLabel["vessel"];
