import type { RunResult } from "./run-result.ts";

/** A run that went well, but for what is put over it. */
export const resultOf = (over: Partial<RunResult>): RunResult => ({
  fault: "kill-node",
  run: 1,
  seed: "1 kill-node 1",
  startedAt: "2026-01-01T00:00:00.000Z",
  what: "a1 killed",
  gapMs: 1_000,
  ledgerGapMs: 100,
  tookMs: 20_000,
  looked: {
    jobs: 4,
    completed: 4,
    deadLettered: 0,
    acceptedObjects: 40,
    acknowledgedAppends: 100,
    commits: 200,
    pacsInstances: 50,
  },
  violations: [],
  ...over,
});
