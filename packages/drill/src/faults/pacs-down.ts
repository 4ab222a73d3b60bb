/** The PACS goes down: jobs complete all the same, their deliveries wait and arrive when it is back. */
import type { FaultDrill } from "./fault.ts";

export const pacsDown: FaultDrill = {
  what: "Orthanc stopped for 1 to 12 s",
  needs: [],
  when: "working",
  inject: async ({ stage, random }) => {
    await stage.pacs.orthanc.stop();
    return {
      what: "Orthanc stopped",
      holdMs: random.integer(1_000, 12_000),
      heal: () => stage.pacs.orthanc.start(),
      goesOn: (event) => event.type === "Delivered",
    };
  },
};
