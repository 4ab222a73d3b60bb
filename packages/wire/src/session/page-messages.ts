/** What a page and the node that hosts its session say to each other in text; pictures come as binary frames. */
import { gridGeometrySchema } from "@releve/domain/series-split";
import { z } from "zod";
import { frameSideMost } from "./frame-header.ts";
import { numberedInputSchema } from "./session-input.ts";
import { pointSchema, viewportSchema, viewStateSchema } from "./view-state.ts";

/** A message longer than this is none of a page's. */
export const pageMessageBytesMost = 16 * 1024;
export const viewportSideMost = 2_048;
const side = z.int().min(16).max(Math.min(viewportSideMost, frameSideMost));

export const pageMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input"), ...numberedInputSchema.unwrap().shape }),
  /** In device pixels; null: it is not shown. */
  z.object({
    type: z.literal("size"),
    viewport: viewportSchema,
    size: z.object({ width: side, height: side }).nullable(),
  }),
  /** Painted, or passed over for a newer one: the node may send another. */
  z.object({ type: z.literal("painted"), frame: z.int().positive() }),
  z.object({ type: z.literal("probe"), id: z.int().nonnegative(), pointLps: pointSchema }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** The first message of a page: who it is, drawn by it when it was loaded. */
export const pageHelloSchema = z.object({ type: z.literal("hello"), page: z.uuid() });

const place = z.object({ node: z.string(), site: z.string() });

/** What a value is in, such as HU; empty where nobody says. */
const unit = z.string().max(32);

export const hostMessageSchema = z.discriminatedUnion("type", [
  /** Waits for the node that loads the volume. */
  z.object({ type: z.literal("loading"), fraction: z.number() }),
  z.object({
    type: z.literal("opened"),
    epoch: z.int().positive(),
    host: place,
    standby: place.nullable(),
    view: viewStateSchema,
    /** How it looked when it was opened: where "reset" goes. */
    home: viewStateSchema,
    geometry: gridGeometrySchema,
    modality: z.string().max(16),
    unit,
    engine: z.string().max(200),
  }),
  /** What the session holds when another page changed it, and when it settled. */
  z.object({ type: z.literal("view"), epoch: z.int().positive(), view: viewStateSchema }),
  /** The page's inputs up to this one survive the node: a standby or the ledger has them. */
  z.object({ type: z.literal("kept"), sequence: z.int().nonnegative(), by: z.enum(["standby", "ledger"]) }),
  z.object({
    type: z.literal("probed"),
    id: z.int().nonnegative(),
    /** Null: outside, or nothing was measured there. */
    value: z.number().nullable(),
    unit,
  }),
  /** Of the voxels' values in a circle. */
  z.object({
    type: z.literal("statistics"),
    annotation: z.uuid(),
    count: z.int().nonnegative(),
    mean: z.number(),
    deviation: z.number(),
    least: z.number(),
    most: z.number(),
    unit,
  }),
  /** From the API: the host is gone, another one takes over. */
  z.object({ type: z.literal("moving"), reason: z.enum(["node-lost", "site-lost", "drain", "rebalance"]) }),
  z.object({ type: z.literal("refused"), code: z.string().max(64), reason: z.string().max(500) }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** @returns undefined for what is no such message. */
export function decodeText<Message>(schema: z.ZodType<Message>, text: string): Message | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
