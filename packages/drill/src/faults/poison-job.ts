/** A job that takes every node down that tries it: it is given up after bounded attempts, and all others go on. */
import type { LedgerEvent } from "@releve/ledger/events";
import type { FaultDrill } from "./fault.ts";
import { orderEnd, withdrawOrder } from "./failpoint-order.ts";

/** Three attempts: each node must be found lost before the next one tries. */
const givenUpWithinMs = 40_000;
/** The rule asks for one such job a study. */
const application = "mpr";

export const poisonJob: FaultDrill = {
  what: "each attempt at one job ends its node, until the job is given up",
  needs: [],
  when: "receiving",
  inject: async ({ stage, random, load }) => {
    const { study } = random.pick(load).study;
    await orderEnd(stage, { step: "node attempt", of: `${application} of ${study}`, everyTime: true });
    const events = () =>
      stage.watch.arrivals().flatMap(({ commit }) => commit.events.map(({ event }) => event));
    const poison = () =>
      events().find(
        (event) =>
          event.type === "JobRequested" && event.study === study && event.application === application,
      );
    const givenUp = () => events().filter((event) => event.type === "JobDeadLettered");
    await stage.watch.until(() => givenUp().length > 0, givenUpWithinMs);
    await withdrawOrder(stage);
    return {
      what: `the ${application} job of study ${study} ended its nodes`,
      holdMs: 0,
      heal: async () => `${givenUp().length} jobs dead-lettered`,
      goesOn: (event) => event.type === "JobDeadLettered",
      mustHold: () => wrongEnds(givenUp(), poison()),
    };
  },
};

function wrongEnds(givenUp: readonly LedgerEvent[], poison: LedgerEvent | undefined): string[] {
  const expected = poison?.type === "JobRequested" ? poison.job : undefined;
  const jobs = givenUp.flatMap((event) => (event.type === "JobDeadLettered" ? [event.job] : []));
  const others = jobs.filter((job) => job !== expected);
  return [
    ...(expected === undefined || !jobs.includes(expected)
      ? ["the poison job was not given up in time"]
      : []),
    ...others.map((job) => `job ${job} was dead-lettered, which is not the poison job`),
  ];
}
