/** One site is heard by another but does not hear it: who only listens believes that all is well. */
import type { FaultDrill } from "./fault.ts";
import { networkOf } from "./partition-site.ts";

export const asymmetricPartition: FaultDrill = {
  what: "nothing goes from one site to one or both others, while the other direction works, for 2 to 15 s",
  needs: ["root", "namespaces"],
  when: "any",
  inject: async ({ stage, random }) => {
    const network = networkOf(stage);
    const [from, ...others] = random.shuffle(stage.cluster.sites.map(({ site }) => site)) as [
      string,
      ...string[],
    ];
    const deaf = others.slice(0, random.integer(1, 2));
    for (const to of deaf) await network.cut(from, to, "one-way");
    return {
      what: `nothing goes from ${from} to ${deaf.join(" and ")}`,
      holdMs: random.integer(2_000, 15_000),
      heal: () => network.heal(),
    };
  },
};
