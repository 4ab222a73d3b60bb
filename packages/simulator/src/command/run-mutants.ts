/** Plants each bug in turn and runs seeds until one of them is caught, over all cores. */
import { availableParallelism } from "node:os";
import { mutants } from "../mutants/mutants.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { startSeedChild } from "./seed-child.ts";

export type Finding = {
  readonly mutant: Mutant;
  /** How many seeds it took, and what the judge said; undefined where none caught it. */
  readonly caught: { readonly seeds: number; readonly by: string } | undefined;
};

const firstSeed = 1;
const shareSeeds = 10;
/** So long for so few seeds: a planted bug then keeps the process busy without end. */
const shareLimitMs = 120_000;

/** @param seedsMax after so many it counts as not caught. */
export async function runMutants(
  seedsMax: number,
  only: string | undefined,
  tell: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const chosen = mutants.filter(({ name }) => only === undefined || name === only);
  const left = [...chosen];
  const findings = new Map<Mutant, Finding>();
  const work = async () => {
    for (let mutant = left.shift(); mutant; mutant = left.shift()) {
      const finding = { mutant, caught: await hunt(mutant, seedsMax) };
      findings.set(mutant, finding);
      tell(finding);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return chosen.map((mutant) => findings.get(mutant)!);
}

async function hunt({ name }: Mutant, seedsMax: number): Promise<Finding["caught"]> {
  const child = startSeedChild(name);
  try {
    for (let seeds = 0; seeds < seedsMax; seeds += shareSeeds) {
      const from = firstSeed + seeds;
      const order = { from, to: from + shareSeeds, stopAtFailure: true, keepTrace: false };
      const { failed, ran } = await child.run(order, shareLimitMs);
      if (failed[0]) return { seeds: seeds + ran, by: failed[0].violations[0]! };
    }
    return undefined;
  } catch (error) {
    // A product that ends or hangs is caught as well; a place that is gone is not.
    if (String(error).includes("its text is")) throw error;
    return { seeds: 1, by: (error as Error).message.split("\n")[0]! };
  } finally {
    child.end();
  }
}

/** The share that must be caught: 28 of 30. */
export const caughtShareMin = 28 / 30;

export const isEnough = (findings: readonly Finding[]): boolean =>
  findings.filter(({ caught }) => caught).length >= caughtShareMin * findings.length;

export const lineOf = ({ mutant, caught }: Finding): string =>
  `${mutant.name.padEnd(34)} ${caught ? `caught by seed ${caught.seeds}: ${caught.by}` : "NOT CAUGHT"}`;
