/** kill -9 of a node that holds a job: the job is claimed elsewhere. */
import { pickHolder } from "./held-jobs.ts";
import type { FaultDrill } from "./fault.ts";

export const killNode: FaultDrill = {
  what: "kill -9 of a node, started again after 1 to 6 s",
  needs: [],
  when: "working",
  inject: async (harm) => {
    const { node: victim, jobs } = pickHolder(harm);
    await victim.killForGood();
    return {
      what: `${victim.name} killed, holding ${jobs.size} jobs`,
      holdMs: harm.random.integer(1_000, 6_000),
      heal: () => victim.start(),
      ...(jobs.size > 0 && {
        goesOn: (event) => event.type === "JobClaimed" && jobs.has(event.job) && event.node !== victim.name,
      }),
    };
  },
};
