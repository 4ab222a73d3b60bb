/** What a person does in a viewport. Each has the page's own number; sent again it is done once. */
import { z } from "zod";
import {
  annotationSchema,
  cameraSchema,
  fieldLimitsMm,
  pointSchema,
  slabSchema,
  viewportSchema,
  volumeModes,
  windowSchema,
} from "./view-state.ts";

const farthestScrollMm = 1_000;
const radians = z
  .number()
  .min(-2 * Math.PI)
  .max(2 * Math.PI);
const panMm = z.number().min(-fieldLimitsMm.most).max(fieldLimitsMm.most);
const viewport = viewportSchema;

export const sessionInputSchema = z
  .discriminatedUnion("type", [
    /** Moves the crosshair into the picture; in the view of the whole it does nothing. */
    z.object({
      type: z.literal("scroll"),
      viewport,
      mm: z.number().min(-farthestScrollMm).max(farthestScrollMm),
    }),
    z.object({ type: z.literal("crosshair"), pointLps: pointSchema }),
    z.object({ type: z.literal("window"), window: windowSchema }),
    /** Moves what is seen to the right and down. */
    z.object({ type: z.literal("pan"), viewport, rightMm: panMm, downMm: panMm }),
    /** Above 1: nearer. */
    z.object({ type: z.literal("zoom"), viewport, factor: z.number().min(0.01).max(100) }),
    /** Turns the whole about its own middle: to the right about `down`, then down about `right`. Of a plane: turns the other two about it. */
    z.object({ type: z.literal("rotate"), viewport, rightRadians: radians, downRadians: radians }),
    z.object({ type: z.literal("slab"), slab: slabSchema }),
    z.object({ type: z.literal("volume-mode"), mode: z.enum(volumeModes) }),
    /** Puts a camera where it was, or back to how the session opened. */
    z.object({ type: z.literal("camera"), viewport, camera: cameraSchema }),
    /** Adds it, or changes the one of the same id. */
    z.object({ type: z.literal("annotate"), annotation: annotationSchema }),
    z.object({ type: z.literal("erase"), id: z.uuid() }),
    /** Takes back the last annotate or erase. */
    z.object({ type: z.literal("undo") }),
  ])
  .readonly();

export type SessionInput = z.infer<typeof sessionInputSchema>;

export const numberedInputSchema = z
  .object({ page: z.uuid(), sequence: z.int().positive(), input: sessionInputSchema })
  .readonly();
export type NumberedInput = z.infer<typeof numberedInputSchema>;
