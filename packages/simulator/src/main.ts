/** `npm run sim`: simulates the hand-over from seeds. */
import { parseArgs } from "node:util";
import { runSeed, runSeeds } from "./command/run-seeds.ts";

const usage = `usage: npm run sim -- [--seeds N] [--from S]   run N seeds, all cores
       npm run sim -- --seed S [--trace]     run one seed and print what happened
`;

const write = (text: string) => void process.stdout.write(text);

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new TypeError(`${text} is not a whole number`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    write(usage);
    return 0;
  }
  if (values.seed !== undefined) return runSeed(numberOf(values.seed), values.trace, write);
  return runSeeds(numberOf(values.from), numberOf(values.seeds), write);
}

process.exitCode = await main();
