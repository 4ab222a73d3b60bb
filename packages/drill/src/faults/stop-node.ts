/** SIGSTOP: the node is silent with all of its threads and wakes later, believing that it still holds its jobs. */
import { pickHolder } from "./held-jobs.ts";
import type { FaultDrill } from "./fault.ts";

export const stopNode: FaultDrill = {
  what: "SIGSTOP of a node that holds a job, for 1 to 30 s",
  needs: [],
  when: "working",
  inject: async (harm) => {
    const { node: victim, jobs } = pickHolder(harm);
    victim.signal("SIGSTOP");
    return {
      what: `${victim.name} stopped, holding ${jobs.size} jobs`,
      holdMs: harm.random.integer(1_000, 30_000),
      heal: async () => victim.signal("SIGCONT"),
      ...(jobs.size > 0 && {
        goesOn: (event) =>
          (event.type === "JobClaimed" || event.type === "JobCompleted") && jobs.has(event.job),
      }),
    };
  },
};
