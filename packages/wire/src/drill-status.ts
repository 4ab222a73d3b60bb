/** What a running drill says of itself over core NATS, for whoever watches the cluster. Never in the ledger. */
import { z } from "zod";

export const drillStatusSchema = z
  .object({
    /** The fault's name, as `npm run drill -- FAULT` takes it. */
    fault: z.string().max(64),
    /** From 1. */
    run: z.int().positive(),
    runs: z.int().positive(),
    seed: z.string().max(64),
    phase: z.enum(["loading", "fault", "healing", "checking", "passed", "failed"]),
    startedAtMs: z.number().nonnegative(),
    /** Violated invariants, as sentences without patient data. */
    violations: z.array(z.string().max(500)).max(100),
    /** From the fault to the first claim elsewhere (or what the drill calls its gap); null until it is known. */
    gapMs: z.number().nonnegative().nullable(),
  })
  .readonly();

export type DrillStatus = z.infer<typeof drillStatusSchema>;

export const drillStatusSubject = "drill.status";
/** Published at every change and at least this often, so that one who comes later sees it soon, and its silence is its end. */
export const drillStatusEveryMs = 1_000;
