/** Where a person asks for something to be measured. Lengths in mm, LPS. */
import { z } from "zod";

const point = z.tuple([z.number(), z.number(), z.number()]).readonly();

const sphereShape = z
  .object({
    shape: z.literal("sphere"),
    centerLps: point.meta({ en: "Centre (LPS mm)", fr: "Centre (LPS mm)" }),
    radiusMm: z.number().positive().max(1000).meta({ en: "Radius (mm)", fr: "Rayon (mm)" }),
  })
  .meta({ en: "a sphere", fr: "une sphère" });

const boxShape = z
  .object({
    shape: z.literal("box"),
    lowLps: point.meta({ en: "Lowest corner (LPS mm)", fr: "Coin le plus bas (LPS mm)" }),
    highLps: point.meta({ en: "Highest corner (LPS mm)", fr: "Coin le plus haut (LPS mm)" }),
  })
  .meta({ en: "a box", fr: "une boîte" });

export const regionShape = z.discriminatedUnion("shape", [
  z.object({ shape: z.literal("volume") }).meta({ en: "the whole volume", fr: "tout le volume" }),
  sphereShape,
  boxShape,
]);

export type RegionShape = z.infer<typeof regionShape>;
