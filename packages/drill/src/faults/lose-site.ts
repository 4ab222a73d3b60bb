/** Every process of a site at once, with or without the ledger's leader among them, by the seed. */
import type { ManagedProcess } from "@releve/server/cluster/running-cluster";
import type { FaultDrill } from "./fault.ts";
import { heldJobs } from "./held-jobs.ts";
import { ledgerLeader } from "./kill-ledger-leader.ts";

export const loseSite: FaultDrill = {
  what: "kill -9 of every process of a site, with or without the ledger's leader, started again after 1 to 10 s",
  needs: [],
  when: "any",
  inject: async ({ stage, random }) => {
    const leader = await ledgerLeader(stage);
    const withLeader = random.pick([true, false]);
    const site = random.pick(
      stage.cluster.sites.filter((one) => (one.site === leader.site) === withLeader),
    ).site;
    const processes = stage.cluster.processes.filter((process) => process.site === site);
    const names = new Set(processes.map(({ name }) => name));
    const jobs = new Set(
      heldJobs(stage.watch.index()).flatMap(({ job, node }) => (names.has(node) ? [job] : [])),
    );
    await Promise.all(processes.map((process) => process.killForGood()));
    return {
      what: `${site} lost ${withLeader ? "with" : "without"} the ledger's leader, holding ${jobs.size} jobs`,
      holdMs: random.integer(1_000, 10_000),
      heal: () => startSite(processes),
      ...(jobs.size > 0 && {
        goesOn: (event) => event.type === "JobClaimed" && jobs.has(event.job) && !names.has(event.node),
      }),
    };
  },
};

/** The ledger's server first, then the others side by side: as a machine starts. */
export async function startSite(processes: readonly ManagedProcess[]): Promise<void> {
  for (const server of processes.filter(({ role }) => role === "nats")) await server.start();
  await Promise.all(processes.filter(({ role }) => role !== "nats").map((process) => process.start()));
}
