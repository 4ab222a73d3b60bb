import { pickProcess, type FaultDrill } from "./fault.ts";
import { killOne } from "./kill-process.ts";

export const killApi: FaultDrill = {
  what: "kill -9 of a site's API, started again after 0.5 to 6 s",
  needs: [],
  when: "any",
  inject: (harm) =>
    killOne(
      harm,
      pickProcess(harm, ({ role }) => role === "api"),
      6_000,
    ),
};
