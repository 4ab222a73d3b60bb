/** `releve selftest`: what a node does when it starts: every kernel on a known object, on this machine. Needs nothing that runs. */
import { catalogue } from "@releve/apps/catalogue";
import { refusedApplications, selfTestsOf } from "@releve/apps/self-tests";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { runSelfTests, type SelfTestResult } from "@releve/kernels/self-test/self-test";

export type SelfTestArgs = {
  readonly engine: "webasm" | "cpu" | "webgpu";
  readonly threads: number;
  /** Also a software adapter, which no node works with. */
  readonly software?: boolean | undefined;
  readonly json?: boolean | undefined;
};

/** @returns 1 when a kernel is not right. @throws what keeps the runner from opening. */
export async function selfTest({ engine, threads, software, json }: SelfTestArgs): Promise<number> {
  const runner = await openKernelRunner({ engine, threads, allowSoftwareGpu: software === true });
  let results: readonly SelfTestResult[];
  try {
    results = await runSelfTests(runner, selfTestsOf(catalogue));
  } finally {
    await runner.close();
  }
  const refused = [...refusedApplications(catalogue, results).keys()];
  process.stdout.write(json ? `${JSON.stringify(results, undefined, 2)}\n` : tableText(results));
  if (refused.length > 0) process.stderr.write(`A node here takes no job of: ${refused.join(", ")}.\n`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

export function tableText(results: readonly SelfTestResult[]): string {
  const rows = results.map(({ kernel, ok, worst, tolerance, engine, reason }) => [
    kernel,
    ok ? "ok" : "WRONG",
    worst === null ? "-" : worst.toPrecision(2),
    tolerance.toPrecision(2),
    reason === null ? engine : `${engine}: ${reason}`,
  ]);
  const table = [["kernel", "", "worst", "tolerance", "engine"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ");
  return table.map((row) => `${line(row).trimEnd()}\n`).join("");
}
