/** What a node says of itself every 250 ms over core NATS. Never in the ledger. */
import { z } from "zod";

export const heartbeatSchema = z
  .object({
    node: z.string(),
    site: z.string(),
    /** Drawn at process start: a restarted node is another incarnation, whose old jobs are lost. */
    incarnation: z.string(),
    sequence: z.int().nonnegative(),
    slots: z.int().nonnegative(),
    busy: z.int().nonnegative(),
    /** How late the main loop was at its last tick. */
    loopLagMs: z.number().nonnegative(),
    /** Fine progress of the jobs at hand, 0 to 1, by job id. */
    progress: z.record(z.string(), z.number()),
  })
  .readonly();

export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const heartbeatEveryMs = 250;

export const heartbeatSubject = (site: string, node: string): string => `heartbeat.${site}.${node}`;
export const everyHeartbeat = "heartbeat.*.*";
