/** Bugs in what is decided about a job, a delivery or a node. */
import type { Mutant } from "./mutant.ts";

const job = "ledger/src/deciders/job.ts";

export const deciderMutants: readonly Mutant[] = [
  {
    name: "completion-without-token",
    file: job,
    text: "  if (!heldBy(command.token, state)) return staleToken();\n  const { type: _, ...result } = command;",
    replacement:
      '  if (state.status !== "claimed") return staleToken();\n  const { type: _, ...result } = command;',
    lesson: "A node that was taken for lost and wakes must not complete what another node holds now.",
  },
];
