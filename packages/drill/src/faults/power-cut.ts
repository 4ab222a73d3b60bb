/** The power of one site fails: every process is gone at once, and so is what was not yet on its disk. */
import type { FaultDrill } from "./fault.ts";
import { startSite } from "./lose-site.ts";
import { siteOnImage } from "./site-on-image.ts";

export const powerCut: FaultDrill = {
  what: "SIGKILL of every process of a site; it goes on from a copy of its disk's backing file taken then",
  needs: ["root", "loop"],
  when: "any",
  inject: async ({ stage, random }) => {
    const { image, processes } = siteOnImage(stage);
    await Promise.all(processes.map((process) => process.killForGood()));
    await image.cutPower();
    return {
      what: `the power of ${image.site} cut`,
      holdMs: random.integer(500, 6_000),
      heal: () => startSite(processes),
    };
  },
};
