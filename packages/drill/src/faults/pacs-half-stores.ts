/** The line to the PACS breaks in the middle of each delivery: it has a part, and its last answers did not arrive. */
import type { FaultDrill } from "./fault.ts";

export const pacsHalfStores: FaultDrill = {
  what: "every association to Orthanc torn after 2 to 200 kB, for 2 to 10 s",
  needs: [],
  when: "working",
  inject: async ({ stage, random }) => {
    const { line } = stage.pacs;
    const bytes = random.integer(2_000, 200_000);
    const before = line.tornCount();
    line.tearAfter(bytes);
    return {
      what: `associations torn after ${bytes} bytes`,
      holdMs: random.integer(2_000, 10_000),
      heal: async () => {
        line.whole();
        return `${line.tornCount() - before} were torn`;
      },
      goesOn: (event) => event.type === "Delivered",
    };
  },
};
