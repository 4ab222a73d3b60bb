/** What can be asked of the curved reformat. Points and directions in LPS mm. */
import { z } from "zod";

const point = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** Of one point of the path to the next: closer ones are one point. */
export const pointsApartMm = 1e-3;

const path = z
  .array(point)
  .min(2)
  .max(500)
  .readonly()
  .refine(
    (points) =>
      points.some((one) => one.some((part, axis) => Math.abs(part - points[0]![axis]!) > pointsApartMm)),
    "the points are all one",
  )
  .meta({ en: "Path (LPS, mm)", fr: "Trajet (LPS, mm)" });

const straightened = z
  .object({
    kind: z.literal("straightened"),
    /** Cuts through the path, evenly over half a turn around it. */
    cuts: z.int().min(1).max(12).meta({ en: "Cuts around the path", fr: "Coupes autour du trajet" }),
  })
  .meta({ en: "straightened", fr: "redressé" });

const stretched = z
  .object({
    kind: z.literal("stretched"),
    /** Every row of the image runs along this direction. */
    alongLps: point
      .refine((direction) => Math.hypot(...direction) > 1e-6, "a direction needs a length")
      .meta({ en: "Direction of the rows (LPS)", fr: "Direction des lignes (LPS)" }),
  })
  .meta({ en: "stretched", fr: "déplié" });

const crossSections = z
  .object({
    intervalMm: z.number().min(0.1).max(100).meta({ en: "Every (mm)", fr: "Tous les (mm)" }),
    sizeMm: z.number().min(2).max(300).meta({ en: "Side (mm)", fr: "Côté (mm)" }),
  })
  .meta({ en: "Cross sections", fr: "Coupes perpendiculaires" });

export const curvedParameters = z.object({
  pathLps: path,
  mode: z.discriminatedUnion("kind", [straightened, stretched]).meta({ en: "Mode", fr: "Mode" }),
  /** To both sides of the path together. */
  widthMm: z.number().min(1).max(400).meta({ en: "Width (mm)", fr: "Largeur (mm)" }),
  /** Side of a pixel; absent: the volume's finest spacing, as far as the image's size allows. */
  spacingMm: z.number().min(0.05).max(10).meta({ en: "Pixel (mm)", fr: "Pixel (mm)" }).optional(),
  crossSections: crossSections.optional(),
});

export type CurvedParameters = z.infer<typeof curvedParameters>;
