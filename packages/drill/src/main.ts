/** `npm run drill -- FAULT|all --runs N --out DIR [--seed S]` and `npm run drill -- table DIR`. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Fault } from "@releve/domain/fault";
import { shutdownSignal } from "@releve/server/roles/shutdown";
import { terminal } from "@releve/server/demo/terminal";
import { faultNames, isFaultName, type FaultName } from "./fault-names.ts";
import { DrillFault } from "./faults.ts";
import { readResults } from "./runs/result-files.ts";
import { resultsTable } from "./runs/results-table.ts";
import { runSet } from "./runs/run-set.ts";

const usage = `usage: npm run drill -- FAULT|all [--runs N] [--out DIR] [--seed S]
       npm run drill -- table DIR
faults: ${faultNames.join(", ")}
The same command again goes on where it stopped.`;

const runsMax = 10_000;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "1" },
      out: { type: "string", default: ".releve/drills" },
      seed: { type: "string", default: "1" },
    },
  });
  const [what, folder] = positionals;
  if (what === undefined) return print(usage, 2);
  if (what === "table") return print(resultsTable(await readResults(resolve(folder ?? values.out)), []), 0);
  const signal = shutdownSignal();
  const { say } = terminal(process.stdout, Date.now);
  const outDir = resolve(values.out);
  const { results, notRun } = await runSet({
    faults: chosen(what),
    runs: count(values.runs),
    outDir,
    seed: values.seed,
    say,
    signal,
  });
  say(`results are in ${outDir}`);
  return print(
    resultsTable(results, notRun),
    signal.aborted || results.some(({ violations }) => violations.length > 0) ? 1 : 0,
  );
}

function chosen(what: string): readonly FaultName[] {
  if (what === "all") return faultNames;
  if (isFaultName(what)) return [what];
  throw new DrillFault("FAULT_UNKNOWN", `there is no fault ${what}\n${usage}`);
}

function count(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= runsMax) return runs;
  throw new DrillFault("FAULT_UNKNOWN", `--runs takes a number from 1 to ${runsMax}`);
}

function print(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}

try {
  // Not by itself: a connection that is left would keep the process up after its work.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
