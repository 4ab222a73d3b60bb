/** What a set still has to run: a run that has a result is not run again, which is how a set goes on where it stopped. Pure. */
import type { FaultName } from "../fault-names.ts";
import type { RunResult } from "./run-result.ts";

export type Todo = { readonly fault: FaultName; readonly run: number };

export function runsToDo(
  faults: readonly FaultName[],
  runs: number,
  results: readonly Pick<RunResult, "fault" | "run">[],
): Todo[] {
  const done = new Set(results.map(({ fault, run }) => `${fault} ${run}`));
  return faults
    .flatMap((fault) => Array.from({ length: runs }, (_, index) => ({ fault, run: index + 1 })))
    .filter(({ fault, run }) => !done.has(`${fault} ${run}`));
}
