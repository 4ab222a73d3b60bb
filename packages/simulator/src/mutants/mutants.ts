/** Every planted bug. */
import { deciderMutants } from "./decider-mutants.ts";
import { ledgerMutants } from "./ledger-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { nodeMutants } from "./node-mutants.ts";

export const mutants: readonly Mutant[] = [...deciderMutants, ...ledgerMutants, ...nodeMutants];
