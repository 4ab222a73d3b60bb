import { z } from "zod";
import { node, site, count, incarnation, event } from "./fields.ts";

export const nodeSchemas = {
  NodeJoined: event("NodeJoined", {
    node,
    site,
    slots: count,
    engine: z.string(),
    memoryBytes: count.nullable(),
    incarnation,
  }),
  NodeSelfTested: event("NodeSelfTested", {
    node,
    site,
    kernels: z.array(
      z.object({
        kernel: z.string(),
        engine: z.string(),
        ok: z.boolean(),
        worst: z.number().nonnegative().nullable(),
        tolerance: z.number().nonnegative(),
        reason: z.string().nullable(),
      }),
    ),
  }),
  NodeDraining: event("NodeDraining", { node, site, reason: z.string() }),
  NodeResumed: event("NodeResumed", { node, site }),
  NodeLost: event("NodeLost", { node, site, silentMs: z.number().nonnegative(), incarnation }),
  NodeLeft: event("NodeLeft", { node, site }),
};
