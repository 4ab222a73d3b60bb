/** `npm run bench -- NAME [--json FILE]`. */
import { Fault } from "@releve/domain/fault";
import { printRows, type BenchRow } from "./bench-row.ts";
import { decodeBench } from "./decode-bench.ts";
import { failoverBench } from "./failover-bench.ts";
import { intakeBench } from "./intake-bench.ts";
import { jobsBench } from "./jobs-bench.ts";
import { kernelsBench } from "./kernels-bench.ts";
import { largeVolumeBench } from "./large-volume-bench.ts";
import { ledgerBench } from "./ledger-bench.ts";
import { replayBench } from "./replay-bench.ts";
import { sessionBench } from "./session-bench.ts";
import { sitesBench } from "./sites-bench.ts";
import { studiesBench } from "./studies-bench.ts";
import { tomographyBench } from "./tomography-bench.ts";

const benchmarks: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  decode: decodeBench,
  intake: intakeBench,
  jobs: jobsBench,
  kernels: kernelsBench,
  "large-volume": largeVolumeBench,
  ledger: ledgerBench,
  replay: replayBench,
  studies: studiesBench,
  session: sessionBench,
  failover: failoverBench,
  sites: sitesBench,
  tomography: tomographyBench,
};

export const benchmarkNames = Object.keys(benchmarks);

/** @returns the exit code. @throws Fault BENCH_UNKNOWN. */
export async function runBench(name: string, jsonFile: string | undefined): Promise<number> {
  const bench = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (!bench)
    throw new Fault(
      "BENCH_UNKNOWN",
      `there is no benchmark ${name}; there are: ${benchmarkNames.join(", ")}`,
      "never",
    );
  printRows(await bench(), jsonFile);
  return 0;
}
