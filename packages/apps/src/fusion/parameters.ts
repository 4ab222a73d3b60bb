/** What can be asked of a fusion. */
import { z } from "zod";

export const fusionParameters = z.object({
  /** Stacks of planes, and the largest values along the patient's depth seen from the front. */
  views: z
    .array(z.enum(["axial", "coronal", "sagittal", "coronal-mip"]))
    .min(1)
    .max(4)
    .refine((views) => new Set(views).size === views.length, "a view twice")
    .readonly(),
  /** Whose pixels and slices the stacks have. */
  grid: z.enum(["CT", "PT"]),
  /** HU. */
  ctWindow: z
    .object({ center: z.number().min(-2000).max(4000), width: z.number().min(1).max(8000) })
    .readonly(),
  /** The end of the palette: an SUV by body weight, or a value of the images as they are. */
  petTop: z.discriminatedUnion("unit", [
    z.object({ unit: z.literal("SUVbw"), value: z.number().positive().max(100) }),
    z.object({ unit: z.literal("source"), value: z.number().positive() }),
  ]),
  /** The PET's share of a pixel's colour. */
  alpha: z.number().min(0).max(1),
  /** Per stack. */
  imagesMax: z.int().min(1).max(400),
});

export type FusionParameters = z.infer<typeof fusionParameters>;
export type FusionView = FusionParameters["views"][number];
