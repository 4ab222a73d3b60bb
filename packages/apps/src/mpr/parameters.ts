/** What can be asked of the MPR. Lengths in mm, directions in LPS. */
import { z } from "zod";
import { orientationOf } from "../geometry/orientation.ts";

const direction = z.tuple([z.number(), z.number(), z.number()]).readonly();

const obliqueStack = z
  .object({
    orientation: z.literal("oblique"),
    /** Direction of a row on the screen, to the right. */
    rowLps: direction,
    /** Direction of a column on the screen, downwards; only its part at a right angle to the row counts. */
    columnLps: direction,
  })
  .refine(spansPlane, "the row and the column span no plane");

const stack = z.discriminatedUnion("orientation", [
  z.object({ orientation: z.enum(["axial", "coronal", "sagittal"]) }),
  obliqueStack,
]);

export const mprParameters = z.object({
  stacks: z.array(stack).min(1).max(8).readonly(),
  /** Side of a pixel; absent: the source's finer spacing within a slice. */
  spacingMm: z.number().min(0.05).max(10).optional(),
  /** Distance between planes; absent: the pixel's side, as far as `imagesMax` allows. */
  intervalMm: z.number().min(0.05).max(50).optional(),
  /** Images per stack. */
  imagesMax: z.int().min(1).max(400),
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
