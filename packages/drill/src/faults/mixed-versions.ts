/**
 * Half of an upgrade: some processes run the previous commit's code beside this one's, and the ledger holds events that
 * only newer code understands.
 */
import type { ManagedProcess, RunningSite } from "@releve/server/cluster/running-cluster";
import { putNewerEvents } from "../stage/newer-events.ts";
import { previousBuild } from "../stage/previous-build.ts";
import type { FaultDrill } from "./fault.ts";

export const mixedVersions: FaultDrill = {
  what: "a gateway and two nodes run the previous commit for 4 to 10 s; events of a newer schema are in the ledger",
  needs: ["git"],
  when: "receiving",
  inject: async ({ stage, random }) => {
    const { cluster } = stage;
    const of = (role: string) => random.shuffle(cluster.processes.filter((process) => process.role === role));
    const victims = [...of("gateway").slice(0, 1), ...of("recon").slice(0, 2)];
    const build = await previousBuild(stage.dir);
    await putNewerEvents(cluster);
    const siteOf = ({ site }: ManagedProcess): RunningSite => cluster.sites.find((one) => one.site === site)!;
    const older = await Promise.all(
      victims.map(async (victim) => ({ victim, process: await build.replace(victim, siteOf(victim)) })),
    );
    return {
      what: `${victims.map(({ name }) => name).join(", ")} run ${build.commit}`,
      holdMs: random.integer(4_000, 10_000),
      heal: async () => {
        await Promise.all(older.map(({ victim, process }) => process.stop().then(() => victim.start())));
      },
    };
  },
};
