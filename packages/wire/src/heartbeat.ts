/** What a process says of itself every 250 ms over core NATS. Never in the ledger. */
import { z } from "zod";

/** More suspects than this at once is an observer that is cut off, not a cluster that died: the rest is left out. */
export const suspectsMax = 64;

/**
 * What an older sender does not say gets the default, so that versions can be mixed: it is a reconstruction node, of which
 * the memory is not known, and which has no word about others.
 */
export const heartbeatSchema = z
  .object({
    node: z.string(),
    site: z.string(),
    /** A gateway beats as well: it takes no jobs (no slots), but it observes, and its silence belongs to its site's. */
    kind: z.enum(["recon", "gateway"]).default("recon"),
    /** Drawn at process start: a restarted node is another incarnation, whose old jobs are lost. */
    incarnation: z.string(),
    sequence: z.int().nonnegative(),
    slots: z.int().nonnegative(),
    busy: z.int().nonnegative(),
    /** What one job may need at its peak; null: not said. */
    memoryBytes: z.number().nonnegative().nullable().default(null),
    /** The kernels' engine; empty: not said. */
    engine: z.string().max(200).default(""),
    /** It finishes what it holds and claims nothing more. */
    draining: z.boolean().default(false),
    /** The last beat of a process that stops in order: what comes after is no silence. */
    leaving: z.literal(true).optional(),
    /** How late the main loop was at its last tick. */
    loopLagMs: z.number().nonnegative(),
    /** Fine progress of the jobs at hand, 0 to 1, by job id. */
    progress: z.record(z.string(), z.number()),
    /** Where a node takes sessions from the APIs, how many it holds and may hold, and its room for their volumes. */
    sessions: z
      .object({
        url: z.url().max(200),
        held: z.int().nonnegative(),
        most: z.int().nonnegative(),
        freeBytes: z.number().nonnegative(),
      })
      .readonly()
      .exactOptional(),
    /**
     * The second observer's word: whom this process finds silent, as `site/node`. Null: it has no word, because it observes
     * nobody or has reason to distrust its own ears.
     */
    suspects: z.array(z.string().max(100)).max(suspectsMax).readonly().nullable().default(null),
  })
  .readonly();

export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const heartbeatEveryMs = 250;

/** `site/node`: names hold no slash. */
export const processKey = ({ site, node }: { readonly site: string; readonly node: string }): string =>
  `${site}/${node}`;

export const heartbeatSubject = (site: string, node: string): string => `heartbeat.${site}.${node}`;
export const everyHeartbeat = "heartbeat.*.*";
