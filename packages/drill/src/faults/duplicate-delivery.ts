/** The same objects again, at the two other sites at once, while the first site still works on them. */
import { sendUntilAccepted } from "../load/send-load.ts";
import { targetAt } from "../load/target-at.ts";
import type { FaultDrill } from "./fault.ts";

const againMs = 20_000;

export const duplicateDelivery: FaultDrill = {
  what: "the same objects sent again to the two other sites at once",
  needs: [],
  when: "any",
  inject: async ({ stage, random, load, clock }) => {
    const { site, study } = random.pick(load);
    const others = stage.cluster.sites.filter((other) => other.site !== site.site);
    const accepted = await Promise.all(
      others.map((other) => sendUntilAccepted(targetAt(other), study, clock, againMs)),
    );
    const counts = others.map((other, index) => `${accepted[index]!.length} at ${other.site}`);
    return {
      what: `${study.objects.length} objects of ${site.site} accepted again: ${counts.join(", ")}`,
      holdMs: 0,
      heal: async () => {},
    };
  },
};
