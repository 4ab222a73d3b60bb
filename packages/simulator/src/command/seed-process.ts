/**
 * A child process that runs simulations for its parent. With a mutant it loads the product with that one piece of text
 * replaced, so nothing of the product may be imported before the hook is in place.
 */
import { mutateWhileLoading } from "../mutants/mutate-while-loading.ts";
import { mutants } from "../mutants/mutants.ts";
import type { Verdict } from "../scenario/run-scenario.ts";

/** Parent to child. */
export type SeedOrder = {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Ends the order at the first seed that fails. */
  readonly stopAtFailure: boolean;
  readonly keepTrace: boolean;
};
/** Child to parent, once an order. */
export type SeedReport = {
  readonly ran: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly failed: readonly Verdict[];
  /** Over all seeds of the order: equal where every trace is equal. */
  readonly digests: string;
  /** The trace of a single seed that was asked for with it. */
  readonly trace: readonly string[];
};

// Errors are made by the thousand and their stacks are never read.
Error.stackTraceLimit = 0;

const name = process.argv[2];
const mutant = name === undefined ? undefined : mutants.find((one) => one.name === name);
if (name !== undefined && !mutant) throw new Error(`there is no mutant ${name}`);
if (mutant) mutateWhileLoading(mutant);

const { planOf } = await import("../scenario/plan.ts");
const { runScenario } = await import("../scenario/run-scenario.ts");

/** A promise that nobody awaits ends a process of the product; here it fails the seed at hand. */
let unhandled: string | undefined;
process.on("unhandledRejection", (error) => {
  unhandled ??= `a process fell over a promise that nobody awaited: ${String(error)}`;
});

async function carryOut({ from, to, stopAtFailure, keepTrace }: SeedOrder): Promise<SeedReport> {
  const failed: Verdict[] = [];
  const digests: string[] = [];
  let [events, virtualMs] = [0, 0];
  let trace: readonly string[] = [];
  let seed = from;
  for (; seed < to; seed++) {
    unhandled = undefined;
    const verdict = await runScenario(planOf(seed), { keepTrace });
    const violations = unhandled === undefined ? verdict.violations : [...verdict.violations, unhandled];
    events += verdict.events;
    virtualMs += verdict.virtualMs;
    digests.push(verdict.digest);
    if (keepTrace) trace = verdict.trace;
    if (violations.length > 0) failed.push({ ...verdict, violations, trace: [] });
    if (stopAtFailure && failed.length > 0) break;
  }
  return { ran: Math.min(seed + 1, to) - from, events, virtualMs, failed, digests: digests.join(), trace };
}

process.on("message", (order: SeedOrder) => {
  void carryOut(order).then((report) => process.send!(report));
});
