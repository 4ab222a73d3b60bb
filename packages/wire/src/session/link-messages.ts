/** What the API and the nodes say to each other about a session: to attach a page, to keep its state, to mirror it. */
import { z } from "zod";
import { hostMessageSchema, pageMessageSchema } from "./page-messages.ts";
import { viewStateSchema } from "./view-state.ts";

/** A whole view state with every annotation fits well. */
export const linkMessageBytesMost = 512 * 1024;

const epoch = z.int().positive();
const name = z.string().max(31);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const applied = viewStateSchema.unwrap().shape.applied;

/** A node that takes sessions, as its heartbeat names it. */
export const sessionPlaceSchema = z.object({ node: name, site: name, url: z.url().max(200) });
export type SessionPlace = z.infer<typeof sessionPlaceSchema>;

const attachSchema = z.object({
  type: z.literal("attach"),
  session: z.uuid(),
  epoch,
  page: z.uuid(),
  /** The volume's plan. */
  plan: digest,
  standby: sessionPlaceSchema.nullable(),
  /** What the ledger has; null before the first checkpoint. */
  view: viewStateSchema.nullable(),
});

const mirrorSchema = z.object({
  type: z.literal("mirror"),
  session: z.uuid(),
  epoch,
  plan: digest,
  /** Null: nothing to keep yet, but load the volume. */
  view: viewStateSchema.nullable(),
});

/** The first message of a link; a node's link brings more mirrors. */
export const helloSchema = z.discriminatedUnion("type", [attachSchema, mirrorSchema]);
export type Attach = z.infer<typeof attachSchema>;
export type Mirror = z.infer<typeof mirrorSchema>;

/** API to host after it attached: what the page says, and what the ledger has. */
export const toHostSchema = z.discriminatedUnion("type", [
  ...pageMessageSchema.options,
  z.object({ type: z.literal("recorded"), applied }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

/** Host to API: for the page, but for the checkpoint, which is for the ledger. */
export const fromHostSchema = z.discriminatedUnion("type", [
  ...hostMessageSchema.options,
  z.object({ type: z.literal("checkpoint"), epoch, view: viewStateSchema }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;

/** Standby to host. `fenced`: it hosts the session itself under this higher epoch. */
export const fromStandbySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("mirrored"), applied }),
  z.object({ type: z.literal("fenced"), epoch }),
]);
export type FromStandby = z.infer<typeof fromStandbySchema>;
