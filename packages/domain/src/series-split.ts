/** What became of a series: which volumes it holds, what was left out and why. Written once by the gateway, read by all. */
import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";

const vec3 = z.tuple([z.number(), z.number(), z.number()]).readonly();

export const gridGeometrySchema = z
  .object({
    columns: z.int().positive(),
    rows: z.int().positive(),
    slices: z.int().positive(),
    originLps: vec3,
    columnStepLps: vec3,
    rowStepLps: vec3,
    sliceStepLps: vec3,
  })
  .readonly();

/** One slice of a volume: a frame of a stored object. `frameIndex` counts from 0; `tile` cuts a mosaic. */
export const sliceSourceSchema = z
  .object({
    digest: z.string(),
    sopInstanceUid: z.string(),
    sopClassUid: z.string(),
    frameIndex: z.int().nonnegative(),
    tile: z.object({ column: z.int(), row: z.int(), columns: z.int(), rows: z.int() }).readonly().optional(),
  })
  .readonly();

/**
 * Something about the geometry or the values that a reader must know. `code` is one of the names in the dicom package's
 * README (GANTRY_TILT, MISSING_SLICES, IRREGULAR_SPACING, DUPLICATE_POSITION ...); `detail` carries its numbers.
 */
export const findingSchema = z
  .object({
    code: z.string(),
    reason: z.string(),
    detail: z.record(z.string(), z.number()).readonly().optional(),
  })
  .readonly();

/** Everything a node needs to load one volume, and an application needs to accept it. Stored as canonical JSON by digest. */
export const volumePlanSchema = z
  .object({
    studyInstanceUid: z.string(),
    seriesInstanceUid: z.string(),
    frameOfReferenceUid: z.string().optional(),
    modality: z.string(),
    sopClassUid: z.string(),
    /** The values that tell this volume from its siblings in the series, e.g. { bValue: 1000, direction: 3 }. */
    split: z.record(z.string(), z.union([z.string(), z.number()])).readonly(),
    /** Of several volumes of a series: when this one was acquired after the first, where a clock says so. */
    timeSeconds: z.number().optional(),
    imageType: z.array(z.string()).readonly(),
    geometry: gridGeometrySchema,
    /** False where the step from slice to slice is not constant: `geometry` then holds the mean step. */
    regular: z.boolean(),
    /** Where `regular` is false: the centre of the first pixel of every slice, LPS mm, in the order of `slices`. */
    slicePositionsLps: z.array(vec3).readonly().optional(),
    slices: z.array(sliceSourceSchema).readonly(),
    findings: z.array(findingSchema).readonly(),
  })
  .readonly();

export type SliceSource = z.infer<typeof sliceSourceSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type VolumePlan = z.infer<typeof volumePlanSchema>;

/** The bytes by whose digest a plan is named: two equal plans are one object. */
export function encodeVolumePlan(plan: VolumePlan): Uint8Array {
  return new TextEncoder().encode(canonicalJson(plan));
}

/** @throws SyntaxError or ZodError for bytes that are no plan: nobody but a gateway writes them. */
export function decodeVolumePlan(bytes: Uint8Array): VolumePlan {
  return volumePlanSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

export type LeftOut = { readonly sopInstanceUid: string; readonly code: string; readonly reason: string };

export type SeriesDecision = {
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly objectCount: number;
  /** Empty when the series holds no volume: `leftOut` then says why for every object. */
  readonly volumes: readonly VolumePlan[];
  readonly leftOut: readonly LeftOut[];
};
