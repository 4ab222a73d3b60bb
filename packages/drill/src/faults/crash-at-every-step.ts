/**
 * A process ends itself at one step of a job's way from the door to the PACS. The simulator goes through every step; here the
 * seed picks one, on real processes. The supervisor starts what ended again.
 */
import type { LedgerEvent } from "@releve/ledger/events";
import type { FaultDrill } from "./fault.ts";
import { orderEnd, withdrawOrder } from "./failpoint-order.ts";

const appends: Readonly<Record<"gateway" | "node", readonly LedgerEvent["type"][]>> = {
  gateway: [
    "StudyObjectsReceived",
    "StudySettled",
    "JobRequested",
    "StudyRuled",
    "DeliveryRequested",
    "Delivered",
    "StudyObjectsReplicated",
  ],
  node: ["JobClaimed", "JobCompleted"],
};

const storing = ["object-received", "object-written", "object-synced", "object-renamed", "object-committed"];
const telling = ["batch-taken", "ledger-told", "checkpoint-written"];
const copying = ["objects-copied", "copies-told"];
const journaling = ["object-parsed", "object-compared", "entry-written", "entry-synced", "object-answered"];

export const steps: readonly string[] = [
  ...[...storing, ...journaling, ...telling, ...copying].map((step) => `gateway ${step}`),
  ...storing.map((step) => `node ${step}`),
  "node attempt",
  ...Object.entries(appends).flatMap(([role, types]) =>
    types.flatMap((type) => [`${role} before ${type}`, `${role} after ${type}`]),
  ),
];

export const crashAtEveryStep: FaultDrill = {
  what: "a gateway or a node ends itself at one of its steps with a job, picked by the seed",
  needs: [],
  when: "receiving",
  inject: async ({ stage, random }) => {
    const step = random.pick(steps);
    await orderEnd(stage, { step, of: null, everyTime: false });
    return {
      what: `a process ends itself at "${step}"`,
      holdMs: random.integer(3_000, 8_000),
      heal: async () => ((await withdrawOrder(stage)) ? "it did" : "none came to that step in this time"),
    };
  },
};
