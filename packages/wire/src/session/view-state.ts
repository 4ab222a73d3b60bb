/**
 * What a session shows, in patient millimetres (LPS): the state that the node draws from, the page predicts, the standby
 * mirrors and the ledger keeps. Everything in it has a limit, so that a page that misbehaves cannot make it grow.
 */
import { z } from "zod";

/** Three linked planes and one view of the whole: a projection or a rendering. */
export const viewports = ["axial", "coronal", "sagittal", "volume"] as const;
export type Viewport = (typeof viewports)[number];
export const viewportSchema = z.enum(viewports);

/** Far beyond a person and a scanner: what lies outside is a bug of the page. */
const farthestMm = 10_000;
const coordinate = z.number().min(-farthestMm).max(farthestMm);
export const pointSchema = z.tuple([coordinate, coordinate, coordinate]).readonly();
const unit = z.number().min(-1.001).max(1.001);
const directionSchema = z.tuple([unit, unit, unit]).readonly();

export const fieldLimitsMm = { least: 5, most: 3_000 } as const;
export const slabMostMm = 500;
export const windowLimits = { least: 1e-6, most: 1e7 } as const;

const number = z.number().min(-windowLimits.most).max(windowLimits.most);
export const windowSchema = z
  .object({ centre: number, width: z.number().min(windowLimits.least).max(windowLimits.most) })
  .readonly();

export const slabModes = ["max", "min", "mean"] as const;
export const slabSchema = z
  .object({ mode: z.enum(slabModes), thicknessMm: z.number().min(0).max(slabMostMm) })
  .readonly();

/** How one viewport looks at the patient. `right` and `down` are unit vectors at right angles; into the picture is their cross product. */
export const cameraSchema = z
  .object({
    rightLps: directionSchema,
    downLps: directionSchema,
    /** The middle of the picture. Of a plane only what lies in it counts: its depth is the crosshair's. */
    centreLps: pointSchema,
    /** What the shorter side of the picture spans. */
    fieldMm: z.number().min(fieldLimitsMm.least).max(fieldLimitsMm.most),
  })
  .readonly();

/** A projection, one of the rendering's looks for CT, or a rendering by the window. */
export const volumeModes = ["mip", "window", "bone", "vessel", "lung", "soft-tissue"] as const;

export const annotationLimits = { most: 256, undoMost: 64 } as const;
const annotationId = z.uuid();
const of = { id: annotationId, viewport: viewportSchema };
/** No text: what a person writes could name a patient. */
export const annotationSchema = z
  .discriminatedUnion("kind", [
    z.object({ ...of, kind: z.literal("length"), pointsLps: z.tuple([pointSchema, pointSchema]).readonly() }),
    z.object({
      ...of,
      kind: z.literal("angle"),
      /** The second is the corner. */
      pointsLps: z.tuple([pointSchema, pointSchema, pointSchema]).readonly(),
    }),
    z.object({
      ...of,
      kind: z.literal("circle"),
      /** The middle and a point of the edge. */
      pointsLps: z.tuple([pointSchema, pointSchema]).readonly(),
      normalLps: directionSchema,
    }),
  ])
  .readonly();

/** Pages of one session at once, and those of which the last input is remembered. */
export const pagesMost = 8;

export const viewStateSchema = z
  .object({
    crosshairLps: pointSchema,
    cameras: z
      .object({
        axial: cameraSchema,
        coronal: cameraSchema,
        sagittal: cameraSchema,
        volume: cameraSchema,
      })
      .readonly(),
    window: windowSchema,
    /** Of the three planes; 0 mm is the plane itself. */
    slab: slabSchema,
    volumeMode: z.enum(volumeModes),
    annotations: z.array(annotationSchema).max(annotationLimits.most).readonly(),
    /** What undo puts back, the newest last; null: it was not there. */
    undo: z
      .array(z.object({ id: annotationId, before: annotationSchema.nullable() }).readonly())
      .max(annotationLimits.undoMost)
      .readonly(),
    /** How many inputs made it: of two states of a session the one of more is the later. */
    inputs: z.int().nonnegative(),
    /** The last input of each page that is in this state, the page that was heard last at the end. */
    applied: z
      .array(z.object({ page: z.uuid(), sequence: z.int().nonnegative() }).readonly())
      .max(pagesMost)
      .readonly(),
  })
  .readonly();

export type ViewState = z.infer<typeof viewStateSchema>;
export type Camera = z.infer<typeof cameraSchema>;
export type DisplayWindow = z.infer<typeof windowSchema>;
export type Slab = z.infer<typeof slabSchema>;
export type Annotation = z.infer<typeof annotationSchema>;

/** The last input of the page that is in the state; 0 before its first. */
export const appliedOf = (view: Pick<ViewState, "applied">, page: string): number =>
  view.applied.find((one) => one.page === page)?.sequence ?? 0;
