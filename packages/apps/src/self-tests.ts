/** The self-tests of a node: the runner's kernels, and those that applications bring; and whose work a failed one refuses. */
import { builtInSelfTests } from "@releve/kernels/self-test/built-in-self-tests";
import type { SelfTest, SelfTestResult } from "@releve/kernels/self-test/self-test";
import type { Application } from "./application.ts";

/** Each kernel once, however many applications name it. */
export function selfTestsOf(catalogue: readonly Application[]): readonly SelfTest[] {
  const own = catalogue.flatMap(({ kernels }) => kernels.filter((kernel) => typeof kernel !== "string"));
  return [...new Map([...builtInSelfTests(), ...own].map((test) => [test.kernel, test])).values()];
}

/** Of each application that computes with a kernel which did not pass, or was not tested: those kernels. */
export function refusedApplications(
  catalogue: readonly Application[],
  results: readonly Pick<SelfTestResult, "kernel" | "ok">[],
): ReadonlyMap<string, readonly string[]> {
  const passed = new Set(results.filter(({ ok }) => ok).map(({ kernel }) => kernel));
  const failedOf = ({ kernels }: Application) =>
    kernels
      .map((kernel) => (typeof kernel === "string" ? kernel : kernel.kernel))
      .filter((name) => !passed.has(name));
  return new Map(
    catalogue.map((app) => [app.id, failedOf(app)] as const).filter(([, names]) => names.length > 0),
  );
}
