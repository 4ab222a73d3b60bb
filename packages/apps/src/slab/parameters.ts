/** What can be asked of the slab projections. Lengths in mm. */
import { z } from "zod";

const projection = z.enum(["max", "min", "mean"]).meta({
  en: "Projection",
  fr: "Projection",
  options: {
    max: { en: "largest (MIP)", fr: "maximum (MIP)" },
    min: { en: "smallest (MinIP)", fr: "minimum (MinIP)" },
    mean: { en: "mean", fr: "moyenne" },
  },
});

/** The whole volume projected from views around the patient's long axis. */
const rotating = z
  .object({
    kind: z.literal("rotating"),
    projection,
    /** Evenly over the arc; the first view is from the front. */
    views: z.int().min(1).max(72).meta({ en: "Views", fr: "Vues" }),
    arcDegrees: z.union([z.literal(180), z.literal(360)]).meta({ en: "Arc (degrees)", fr: "Arc (degrés)" }),
  })
  .meta({ en: "turning", fr: "en rotation" });

/** Parallel slabs that overlap where the interval is shorter than the thickness. */
const stack = z
  .object({
    kind: z.literal("stack"),
    projection,
    orientation: z.enum(["axial", "coronal", "sagittal"]).meta({ en: "Plane", fr: "Plan" }),
    thicknessMm: z.number().min(0.5).max(500).meta({ en: "Thickness (mm)", fr: "Épaisseur (mm)" }),
    intervalMm: z.number().min(0.5).max(500).meta({ en: "Slabs every (mm)", fr: "Tous les (mm)" }),
    imagesMax: z.int().min(1).max(400).meta({ en: "Images, at most", fr: "Images, au plus" }),
  })
  .meta({ en: "slabs", fr: "tranches épaisses" });

export const slabParameters = z.discriminatedUnion("kind", [rotating, stack]);

export type SlabParameters = z.infer<typeof slabParameters>;
export type RotatingParameters = z.infer<typeof rotating>;
export type StackParameters = z.infer<typeof stack>;
