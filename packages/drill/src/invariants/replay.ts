/** Read models are nothing but the ledger folded: however they were built, they are the same to the byte. */
import type { Invariant } from "./run-evidence.ts";

export const replayGivesTheSame: Invariant = ({ readModels }) => {
  const [first, ...others] = readModels;
  if (!first) return ["no read model was built"];
  return others
    .filter(({ digest }) => digest !== first.digest)
    .map(({ of }) => `the read models of ${of} differ from those of ${first.of}`);
};
