/** What can be asked of the volume rendering. Values are the volume's own (HU in CT), lengths in mm, directions and points in LPS. */
import { z } from "zod";
import { presetNames } from "./presets.ts";

const point = z.tuple([z.number(), z.number(), z.number()]).readonly();
const part = z.number().min(0).max(1);

const preset = z
  .object({
    kind: z.literal("preset"),
    preset: z.enum(presetNames).meta({
      en: "Preset",
      fr: "Préréglage",
      options: {
        bone: { en: "bone", fr: "os" },
        vessel: { en: "vessels with contrast medium", fr: "vaisseaux opacifiés" },
        lung: { en: "lung", fr: "poumon" },
        "soft-tissue": { en: "soft tissue", fr: "tissus mous" },
      },
    }),
  })
  .meta({ en: "preset for CT", fr: "préréglage pour le scanner" });

/** For MR and PET, whose values have no common scale: nothing below the window, everything above it. */
const window = z
  .object({
    kind: z.literal("window"),
    center: z.number().meta({ en: "Window centre", fr: "Centre de la fenêtre" }),
    width: z.number().positive().meta({ en: "Window width", fr: "Largeur de la fenêtre" }),
    palette: z.enum(["gray", "warm"]).meta({
      en: "Colours",
      fr: "Couleurs",
      options: { gray: { en: "grey", fr: "gris" }, warm: { en: "warm", fr: "chaudes" } },
    }),
    /** At the window's upper end; it rises linearly from its lower end. */
    opacityPerMm: z.number().min(0.001).max(20).meta({ en: "Opacity per mm", fr: "Opacité par mm" }),
  })
  .meta({ en: "window", fr: "fenêtre" });

const points = z
  .object({
    kind: z.literal("points"),
    points: z
      .array(
        z.object({
          value: z.number(),
          rgb: z.tuple([part, part, part]).readonly(),
          opacityPerMm: z.number().min(0).max(20),
        }),
      )
      .min(2)
      .max(16)
      .readonly()
      .refine(
        (all) => all.every(({ value }, index) => index === 0 || value > all[index - 1]!.value),
        "the values must rise",
      ),
  })
  .meta({ en: "points of one's own", fr: "points choisis" });

const box = z
  .object({ lowLps: point, highLps: point })
  .refine(
    ({ lowLps, highLps }) => lowLps.every((low, axis) => low < highLps[axis]!),
    "each low end lies below the high end",
  )
  .meta({ en: "Box that is kept", fr: "Boîte conservée" });

const plane = z.object({
  normalLps: point.refine((normal) => Math.hypot(...normal) > 1e-6, "a direction needs a length"),
  /** From the origin along the normal; what lies beyond is cut away. */
  offsetMm: z.number(),
});

export const renderingParameters = z.object({
  look: z.discriminatedUnion("kind", [preset, window, points]).meta({ en: "Look", fr: "Aspect" }),
  shaded: z.boolean().meta({ en: "Shaded", fr: "Ombrage" }),
  /** Evenly over the arc, the first one at the start. */
  views: z.int().min(1).max(72).meta({ en: "Views", fr: "Vues" }),
  arcDegrees: z.number().min(0).max(360).meta({ en: "Arc (degrees)", fr: "Arc (degrés)" }),
  /** 0: from the front. */
  startDegrees: z
    .number()
    .min(-360)
    .max(360)
    .meta({ en: "First view (degrees)", fr: "Première vue (degrés)" }),
  axis: z.enum(["feet-head", "right-left"]).meta({
    en: "Axis of rotation",
    fr: "Axe de rotation",
    options: {
      "feet-head": { en: "from feet to head", fr: "des pieds à la tête" },
      "right-left": { en: "from right to left", fr: "de droite à gauche" },
    },
  }),
  /** Pixels of a row or column at most. */
  sizeMax: z.int().min(64).max(1024).meta({ en: "Pixels a side, at most", fr: "Pixels par côté, au plus" }),
  clip: z
    .object({
      box: box.optional(),
      planes: z.array(plane).max(6).readonly().meta({ en: "Planes", fr: "Plans" }).optional(),
    })
    .meta({ en: "Clipping", fr: "Découpe" })
    .optional(),
});

export type RenderingParameters = z.infer<typeof renderingParameters>;
