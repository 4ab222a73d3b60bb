/** kill -9 of a gateway that is sent to: while it receives, or later. What it said Success to must not be lost. */
import { pickProcess, type FaultDrill } from "./fault.ts";
import { killOne } from "./kill-process.ts";

export const killGateway: FaultDrill = {
  what: "kill -9 of a gateway, also while it receives, started again after 0.5 to 6 s",
  needs: [],
  when: "any",
  inject: (harm) => {
    const sentTo = new Set(harm.load.map(({ site }) => site.site));
    const victim = pickProcess(harm, ({ role, site }) => role === "gateway" && sentTo.has(site));
    return killOne(harm, victim, 6_000);
  },
};
