/**
 * The exhaustive mode: one small scenario without chance in it, run again for each I/O step of each process, with that
 * process killed right before the step. What holds at every one of them holds at each point at which a process can die.
 */
import { goodNetwork } from "../kernel/network.ts";
import type { Plan } from "./plan.ts";
import { runScenario, type Verdict } from "./run-scenario.ts";

export type Kill = { readonly process: string; readonly step: number };

const healAtMs = 12_000;

/** Two jobs over two sites, one of which fails once; one node each site, three servers. */
export const smallPlan: Plan = {
  seed: 1,
  replicas: 3,
  forgetful: true,
  suspicious: false,
  quality: goodNetwork,
  skewsMs: [0, 0, 0],
  nodes: [
    { name: "a1", site: 0, slots: 1 },
    { name: "b1", site: 1, slots: 1 },
  ],
  jobs: [
    {
      number: 0,
      requests: [{ site: 0, atMs: 8_000 }],
      homeSite: 0,
      computeMs: 300,
      outputs: 2,
      behaviour: "good",
    },
    {
      number: 1,
      requests: [
        { site: 0, atMs: 8_200 },
        { site: 1, atMs: 8_201 },
      ],
      homeSite: 1,
      computeMs: 200,
      outputs: 1,
      behaviour: "fails-once",
    },
  ],
  mischief: [],
  healAtMs,
};

/** Whom to kill: the person and the PACS are not ours. */
const isOurs = (process: string): boolean => /^(a1|b1|gateway-.|ledger-.)$/.test(process);

/** Every point at which a process of the scenario can be killed, found by running it once. */
export async function everyKill(): Promise<readonly Kill[]> {
  const { steps, violations } = await runScenario(smallPlan);
  if (violations.length > 0) throw new Error(`the scenario fails by itself: ${violations[0]}`);
  return [...steps]
    .filter(([process]) => isOurs(process))
    .flatMap(([process, count]) =>
      Array.from({ length: count }, (_, index) => ({ process, step: index + 1 })),
    );
}

export const killedAt = (killAt: Kill, keepTrace = false): Promise<Verdict> =>
  runScenario(smallPlan, { killAt, keepTrace });
