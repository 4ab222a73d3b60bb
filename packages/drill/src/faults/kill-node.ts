/** kill -9 of a node that holds a job: the job is claimed elsewhere. */
import { heldJobs } from "./held-jobs.ts";
import { pickProcess, type FaultDrill } from "./fault.ts";

export const killNode: FaultDrill = {
  what: "kill -9 of a node, started again after 1 to 6 s",
  needs: [],
  when: "working",
  inject: async (harm) => {
    const held = heldJobs(harm.stage.watch.index());
    const atWork = new Set(held.map(({ node }) => node));
    const victim = pickProcess(
      harm,
      ({ name, role }) => role === "recon" && (atWork.size === 0 || atWork.has(name)),
    );
    const jobs = new Set(held.filter(({ node }) => node === victim.name).map(({ job }) => job));
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
