/** What can be asked of a fusion. */
import { z } from "zod";

const view = z.enum(["axial", "coronal", "sagittal", "coronal-mip"]).meta({
  options: {
    axial: { fr: "axial" },
    coronal: { fr: "coronal" },
    sagittal: { fr: "sagittal" },
    "coronal-mip": { en: "coronal MIP", fr: "MIP coronal" },
  },
});

const top = z.number().positive();

export const fusionParameters = z.object({
  /** Stacks of planes, and the largest values along the patient's depth seen from the front. */
  views: z
    .array(view)
    .min(1)
    .max(4)
    .refine((views) => new Set(views).size === views.length, "a view twice")
    .readonly()
    .meta({ en: "Views", fr: "Vues" }),
  /** Whose pixels and slices the stacks have. */
  grid: z.enum(["CT", "PT"]).meta({
    en: "Slices of the",
    fr: "Coupes de",
    options: { CT: { fr: "TDM" }, PT: { en: "PET", fr: "TEP" } },
  }),
  /** HU. */
  ctWindow: z
    .object({
      center: z.number().min(-2000).max(4000).meta({ en: "Centre (HU)", fr: "Centre (UH)" }),
      width: z.number().min(1).max(8000).meta({ en: "Width (HU)", fr: "Largeur (UH)" }),
    })
    .readonly()
    .meta({ en: "CT window", fr: "Fenêtre TDM" }),
  /** The end of the palette: an SUV by body weight, or a value of the images as they are. */
  petTop: z
    .discriminatedUnion("unit", [
      z
        .object({ unit: z.literal("SUVbw"), value: top.max(100).meta({ en: "SUVbw", fr: "SUVbw" }) })
        .meta({ en: "in SUV", fr: "en SUV" }),
      z
        .object({ unit: z.literal("source"), value: top.meta({ en: "Value", fr: "Valeur" }) })
        .meta({ en: "in the unit of the images", fr: "dans l'unité des images" }),
    ])
    .meta({ en: "End of the palette", fr: "Fin de la palette" }),
  /** The PET's share of a pixel's colour. */
  alpha: z.number().min(0).max(1).meta({ en: "Share of the PET (0 to 1)", fr: "Part de la TEP (0 à 1)" }),
  /** Per stack. */
  imagesMax: z.int().min(1).max(400).meta({ en: "Images at most, a stack", fr: "Images au plus, par pile" }),
});

export type FusionParameters = z.infer<typeof fusionParameters>;
export type FusionView = FusionParameters["views"][number];
