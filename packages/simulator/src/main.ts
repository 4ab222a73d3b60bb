/** `npm run sim`: simulates the hand-over from seeds. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runEveryStep } from "./command/run-every-step.ts";
import { isEnough, lineOf, runMutants } from "./command/run-mutants.ts";
import { mutantsDocument, mutantsFile } from "./mutants/mutants-table.ts";
import { runSeed, runSeeds } from "./command/run-seeds.ts";

const usage = `usage: npm run sim -- [--seeds N] [--from S]   run N seeds, all cores
       npm run sim -- --seed S [--trace]     run one seed and print what happened
       npm run sim -- --every-step           kill each process at each of its I/O steps in turn
       npm run sim -- --mutants [--only M]   plant each bug and see whether it is caught within N seeds;
                                             --write writes MUTANTS.md
`;

const write = (text: string) => void process.stdout.write(text);

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new TypeError(`${text} is not a whole number`);
}

async function huntMutants(seedsMax: number, only: string | undefined, record: boolean): Promise<number> {
  const findings = await runMutants(seedsMax, only, (finding) => write(`${lineOf(finding)}\n`));
  const caught = findings.filter((finding) => finding.caught).length;
  if (record) writeFileSync(mutantsFile, mutantsDocument(findings));
  write(`${caught} of ${findings.length} planted bugs caught\n`);
  return isEnough(findings) ? 0 : 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      mutants: { type: "boolean", default: false },
      "every-step": { type: "boolean", default: false },
      only: { type: "string" },
      write: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    write(usage);
    return 0;
  }
  if (values.seed !== undefined) return runSeed(numberOf(values.seed), values.trace, write);
  if (values["every-step"]) return runEveryStep(write);
  if (values.mutants) return huntMutants(numberOf(values.seeds ?? "500"), values.only, values.write);
  return runSeeds(numberOf(values.from), numberOf(values.seeds ?? "1000"), write);
}

process.exitCode = await main();
