/** Where results go: a PACS that takes C-STORE, or one that takes STOW-RS. */
import { z } from "zod";

export const destinationSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("dimse"),
    name: z.string(),
    host: z.string(),
    port: z.int().min(1).max(65535),
    calledAeTitle: z.string().min(1).max(16),
  }),
  z.object({ kind: z.literal("stow"), name: z.string(), url: z.url({ protocol: /^https?$/ }) }),
]);

export type Destination = z.infer<typeof destinationSchema>;
