/** Every planted bug. */
import { deciderMutants } from "./decider-mutants.ts";
import type { Mutant } from "./mutant.ts";

export const mutants: readonly Mutant[] = [...deciderMutants];
