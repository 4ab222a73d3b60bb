/** What can be asked of the MPR. Lengths in mm, directions in LPS. */
import { z } from "zod";
import { orientationOf } from "../geometry/orientation.ts";

const direction = z.tuple([z.number(), z.number(), z.number()]).readonly();

const obliqueStack = z
  .object({
    orientation: z.literal("oblique"),
    /** Direction of a row on the screen, to the right. */
    rowLps: direction.meta({ en: "Row, to the right (LPS)", fr: "Ligne, vers la droite (LPS)" }),
    /** Direction of a column on the screen, downwards; only its part at a right angle to the row counts. */
    columnLps: direction.meta({ en: "Column, downwards (LPS)", fr: "Colonne, vers le bas (LPS)" }),
  })
  .refine(spansPlane, "the row and the column span no plane")
  .meta({ en: "oblique", fr: "oblique" });

const stack = z.discriminatedUnion("orientation", [
  z
    .object({
      orientation: z.enum(["axial", "coronal", "sagittal"]).meta({
        en: "Plane",
        fr: "Plan",
        options: { axial: { fr: "axial" }, coronal: { fr: "coronal" }, sagittal: { fr: "sagittal" } },
      }),
    })
    .meta({ en: "plane of the patient", fr: "plan du patient" }),
  obliqueStack,
]);

export const mprParameters = z.object({
  stacks: z.array(stack).min(1).max(8).readonly().meta({ en: "Stacks", fr: "Piles" }),
  /** Side of a pixel; absent: the source's finer spacing within a slice. */
  spacingMm: z.number().min(0.05).max(10).meta({ en: "Pixel (mm)", fr: "Pixel (mm)" }).optional(),
  /** Distance between planes; absent: the pixel's side, as far as `imagesMax` allows. */
  intervalMm: z
    .number()
    .min(0.05)
    .max(50)
    .meta({ en: "Planes every (mm)", fr: "Plans tous les (mm)" })
    .optional(),
  /** Images per stack. */
  imagesMax: z.int().min(1).max(400).meta({ en: "Images a stack, at most", fr: "Images par pile, au plus" }),
});

export type MprParameters = z.infer<typeof mprParameters>;
export type MprStack = MprParameters["stacks"][number];

function spansPlane({
  rowLps,
  columnLps,
}: {
  rowLps: z.infer<typeof direction>;
  columnLps: z.infer<typeof direction>;
}) {
  try {
    orientationOf(rowLps, columnLps);
    return true;
  } catch {
    return false;
  }
}
