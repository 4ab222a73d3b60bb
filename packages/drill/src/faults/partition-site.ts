/** One site is cut off from both others, as by a cable: it goes on receiving, and what it did joins the rest when it heals. */
import { DrillFault } from "../faults.ts";
import type { Stage } from "../stage/stage.ts";
import type { SiteNetwork } from "@releve/server/cluster/running-cluster";
import type { FaultDrill } from "./fault.ts";

export const partitionSite: FaultDrill = {
  what: "a site cut off from both others for 2 to 15 s",
  needs: ["root", "namespaces"],
  when: "any",
  inject: async ({ stage, random }) => {
    const network = networkOf(stage);
    const sites = stage.cluster.sites.map(({ site }) => site);
    const alone = random.pick(sites);
    for (const other of sites.filter((site) => site !== alone)) await network.cut(alone, other);
    return {
      what: `${alone} cut off`,
      holdMs: random.integer(2_000, 15_000),
      heal: () => network.heal(),
    };
  },
};

/** @throws DrillFault NOTHING_TO_HARM where the sites share the machine's own network. */
export function networkOf({ cluster }: Stage): SiteNetwork {
  if (cluster.network) return cluster.network;
  throw new DrillFault("NOTHING_TO_HARM", "the sites have no networks of their own on this machine");
}
