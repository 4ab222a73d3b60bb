/** One run as it is written to disk: enough to build the table from, to resume a set, and to run the same choices again. */
import { z } from "zod";

export const runResultSchema = z.object({
  fault: z.string(),
  run: z.int().positive(),
  seed: z.string(),
  startedAt: z.string(),
  /** What was done to whom. */
  what: z.string(),
  gapMs: z.number().nonnegative().nullable(),
  /** The longest time in which a writer at some site got no append through. */
  ledgerGapMs: z.number().nonnegative(),
  tookMs: z.number().nonnegative(),
  /** What the invariants looked at: a run that looked at nothing proves nothing. */
  looked: z.object({
    jobs: z.number(),
    completed: z.number(),
    deadLettered: z.number(),
    acceptedObjects: z.number(),
    acknowledgedAppends: z.number(),
    commits: z.number(),
    pacsInstances: z.number(),
  }),
  violations: z.array(z.object({ invariant: z.string(), sentence: z.string() })),
});

export type RunResult = z.infer<typeof runResultSchema>;
