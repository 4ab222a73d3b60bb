/** A site's disk has no byte left: its gateway refuses, its nodes cannot store, its ledger server cannot write. */
import type { FaultDrill } from "./fault.ts";
import { siteOnImage } from "./site-on-image.ts";

export const diskFull: FaultDrill = {
  what: "a site's disk filled to the last block for 2 to 8 s, then its ledger server started again",
  needs: ["root", "loop"],
  when: "any",
  inject: async ({ stage, random }) => {
    const { image, processes } = siteOnImage(stage);
    await image.fill();
    return {
      what: `the disk of ${image.site} filled`,
      holdMs: random.integer(2_000, 8_000),
      heal: async () => {
        await image.makeRoom();
        // nats-server turns JetStream off when its disk is full, until it is started again.
        const server = processes.find(({ role }) => role === "nats")!;
        await server.killForGood();
        await server.start();
      },
    };
  },
};
