/** The line between the sites is long and lossy: 80 ms round trip, 1 % of the packets lost, with cubic or BBR by the seed. */
import type { FaultDrill } from "./fault.ts";
import { networkOf } from "./partition-site.ts";

export const slowWan: FaultDrill = {
  what: "80 ms and 1 % loss between all sites for 8 to 15 s, under cubic or BBR",
  needs: ["root", "namespaces", "slow-line"],
  when: "receiving",
  inject: async ({ stage, random }) => {
    const network = networkOf(stage);
    const congestion = random.pick(["cubic", "bbr"] as const);
    await network.slow({ delayMs: 80, loss: 0.01, congestion });
    return {
      what: `80 ms, 1 % loss, ${congestion}`,
      holdMs: random.integer(8_000, 15_000),
      heal: () => network.heal(),
    };
  },
};
