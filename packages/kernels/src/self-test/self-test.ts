/**
 * A self-test runs one kernel on a small known object, through the runner that the node works with: what a node computes is
 * right on this processor, this driver and this build, or its work is refused.
 */
import type { KernelRunner } from "../kernel-runner.ts";

/** The kernels that every runner has; applications bring others (`VoxelKernel`). */
export type BuiltInKernel =
  | "reslice"
  | "project-max"
  | "project-min"
  | "project-mean"
  | "render"
  | "back-project-parallel"
  | "back-project-cone";

export type SelfTest = {
  /** The kernel's name. */
  readonly kernel: string;
  /** What `worst` may reach. */
  readonly tolerance: number;
  /** `worst`: the largest deviation from the known answer; infinite where something is there that should not be, or the reverse. */
  readonly run: (runner: KernelRunner) => Promise<{ readonly worst: number; readonly engine: string }>;
};

/** As it is written down: JSON has no infinity. */
export type SelfTestResult = {
  readonly kernel: string;
  /** What ran, with the reason where it is not what was asked for. */
  readonly engine: string;
  readonly ok: boolean;
  /** Null where there is no number: another shape, or it failed. */
  readonly worst: number | null;
  readonly tolerance: number;
  /** Why there is no number. */
  readonly reason: string | null;
};

/** One after the other, none left out: a kernel that throws is a kernel that is not right. */
export async function runSelfTests(
  runner: KernelRunner,
  tests: readonly SelfTest[],
): Promise<readonly SelfTestResult[]> {
  const results: SelfTestResult[] = [];
  for (const test of tests) results.push(await judge(runner, test));
  return results;
}

const reasonCharactersMax = 200;

async function judge(runner: KernelRunner, { kernel, tolerance, run }: SelfTest): Promise<SelfTestResult> {
  try {
    const { worst, engine } = await run(runner);
    const isNumber = Number.isFinite(worst);
    const reason = isNumber ? null : "it gives a value where there is none, or none where there is one";
    return { kernel, engine, ok: worst <= tolerance, worst: isNumber ? worst : null, tolerance, reason };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A shader that does not compile brings its whole text along; the ledger keeps this for ever.
    const reason = message.replaceAll(/\s+/g, " ").slice(0, reasonCharactersMax);
    return { kernel, engine: "none", ok: false, worst: null, tolerance, reason };
  }
}

/** The largest difference; infinite where only one of the two is NaN, or where they differ in length. */
export function worstDifference(values: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (values.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let index = 0; index < wanted.length; index++) {
    const [got, want] = [values[index]!, wanted[index]!];
    if (Number.isNaN(got) && Number.isNaN(want)) continue;
    const difference = Math.abs(got - want);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst;
}
