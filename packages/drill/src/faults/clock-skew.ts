/** One process lives in another time, minutes or days away: nothing that is compared between machines may be a clock. */
import { pickProcess, type FaultDrill } from "./fault.ts";

const preload = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

export const clockSkew: FaultDrill = {
  what: "a node or a gateway started again with its clock 1 min to 3 days off, by libfaketime",
  needs: ["faketime"],
  when: "receiving",
  inject: async (harm) => {
    const { random } = harm;
    const victim = pickProcess(harm, ({ role }) => role === "recon" || role === "gateway");
    const seconds = random.pick([-1, 1]) * random.integer(60, random.pick([600, 259_200]));
    const skew = `${seconds < 0 ? "" : "+"}${seconds}s`;
    await victim.killForGood();
    await victim.start({ LD_PRELOAD: preload, FAKETIME: skew, FAKETIME_DONT_FAKE_MONOTONIC: "1" });
    return {
      what: `${victim.name} started again, its clock ${skew}`,
      holdMs: random.integer(5_000, 12_000),
      heal: async () => {
        await victim.killForGood();
        await victim.start();
      },
    };
  },
};
