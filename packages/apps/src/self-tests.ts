/** The self-tests of a node: the runner's kernels, and those that applications bring; and whose work a failed one refuses. */
import { builtInSelfTests } from "@releve/kernels/self-test/built-in-self-tests";
import type { SelfTest, SelfTestResult } from "@releve/kernels/self-test/self-test";
import type { Application } from "./application.ts";

/** Each kernel once, however many applications name it. */
export function selfTestsOf(catalogue: readonly Application[]): readonly SelfTest[] {
  const own = catalogue.flatMap(({ kernels }) => kernels.filter((kernel) => typeof kernel !== "string"));
  return [...new Map([...builtInSelfTests(), ...own].map((test) => [test.kernel, test])).values()];
}

/** The ids of the applications that compute with a kernel which did not pass, or was not tested. */
export function refusedApplications(
  catalogue: readonly Application[],
  results: readonly Pick<SelfTestResult, "kernel" | "ok">[],
): ReadonlySet<string> {
  const passed = new Set(results.filter(({ ok }) => ok).map(({ kernel }) => kernel));
  const refused = catalogue.filter(({ kernels }) =>
    kernels.some((kernel) => !passed.has(typeof kernel === "string" ? kernel : kernel.kernel)),
  );
  return new Set(refused.map(({ id }) => id));
}
