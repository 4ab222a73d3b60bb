/** What a reader says of the bright lesions of a calcium scan. Lengths in mm, places in the patient's LPS coordinates. */
import { z } from "zod";

const vessel = z.enum(["LM", "LAD", "LCX", "RCA", "not-coronary"]).meta({
  en: "Vessel",
  fr: "Vaisseau",
  options: {
    LM: { en: "left main", fr: "tronc commun" },
    LAD: { en: "left anterior descending", fr: "interventriculaire antérieure" },
    LCX: { en: "circumflex", fr: "circonflexe" },
    RCA: { en: "right coronary", fr: "coronaire droite" },
    "not-coronary": { en: "not coronary", fr: "non coronaire" },
  },
});
const pointLps = z.tuple([z.number(), z.number(), z.number()]);

/** The plaque at a point: all lesions that hang together with the one nearest to it. */
const plaqueLabel = z
  .object({
    kind: z.literal("plaque"),
    vessel,
    pointLps: pointLps.meta({ en: "Point (LPS, mm)", fr: "Point (LPS, mm)" }),
  })
  .meta({ en: "plaque at a point", fr: "plaque en un point" });

/** Every lesion whose centre lies in a box: parts a plaque that runs from one vessel into the next, or clears the spine. */
const boxLabel = z
  .object({
    kind: z.literal("box"),
    vessel,
    lowLps: pointLps.meta({ en: "Lowest corner (LPS, mm)", fr: "Coin le plus bas (LPS, mm)" }),
    highLps: pointLps.meta({ en: "Highest corner (LPS, mm)", fr: "Coin le plus haut (LPS, mm)" }),
  })
  .meta({ en: "lesions in a box", fr: "lésions dans une boîte" });

export const calciumParameters = z.object({
  /** Applied in order: a later one wins where two name the same lesion. */
  labels: z
    .array(z.discriminatedUnion("kind", [plaqueLabel, boxLabel]))
    .max(200)
    .meta({ en: "Vessel of each lesion", fr: "Vaisseau de chaque lésion" })
    .default([]),
  /** Hydroxyapatite, mg/cm3 per HU, from a scan of a calibration insert with this protocol; absent: no mass is computed. */
  massCalibrationMgPerCm3Hu: z
    .number()
    .positive()
    .max(10)
    .meta({
      en: "Mass calibration (mg/cm³ per HU)",
      fr: "Étalonnage de la masse (mg/cm³ par UH)",
    })
    .optional(),
});

export type CalciumParameters = z.infer<typeof calciumParameters>;
export type VesselLabel = CalciumParameters["labels"][number];
export type Vessel = VesselLabel["vessel"];
