/** What can be asked of the slab projections. Lengths in mm. */
import { z } from "zod";

const projection = z.enum(["max", "min", "mean"]);

/** The whole volume projected from views around the patient's long axis. */
const rotating = z.object({
  kind: z.literal("rotating"),
  projection,
  /** Evenly over the arc; the first view is from the front. */
  views: z.int().min(1).max(72),
  arcDegrees: z.union([z.literal(180), z.literal(360)]),
});

/** Parallel slabs that overlap where the interval is shorter than the thickness. */
const stack = z.object({
  kind: z.literal("stack"),
  projection,
  orientation: z.enum(["axial", "coronal", "sagittal"]),
  thicknessMm: z.number().min(0.5).max(500),
  intervalMm: z.number().min(0.5).max(500),
  imagesMax: z.int().min(1).max(400),
});

export const slabParameters = z.discriminatedUnion("kind", [rotating, stack]);

export type SlabParameters = z.infer<typeof slabParameters>;
export type RotatingParameters = z.infer<typeof rotating>;
export type StackParameters = z.infer<typeof stack>;
