/** kill -9 of all ledger servers at once: images still come in, and the ledger learns of them later. */
import type { FaultDrill } from "./fault.ts";

export const killAllLedgers: FaultDrill = {
  what: "kill -9 of all ledger servers at once, started again after 0.5 to 6 s",
  needs: [],
  when: "any",
  inject: async ({ stage, random }) => {
    const servers = stage.cluster.processes.filter(({ role }) => role === "nats");
    await Promise.all(servers.map((server) => server.killForGood()));
    return {
      what: `${servers.map(({ name }) => name).join(", ")} killed`,
      holdMs: random.integer(500, 6_000),
      heal: async () => {
        await Promise.all(servers.map((server) => server.start()));
      },
    };
  },
};
