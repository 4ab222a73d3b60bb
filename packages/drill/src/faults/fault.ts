/** The shape of every fault: what it needs, when it comes, what it does and how it is healed. */
import type { Clock } from "@releve/domain/clock";
import type { LedgerEvent } from "@releve/ledger/events";
import type { ManagedProcess, RunningSite } from "@releve/server/cluster/running-cluster";
import type { LoadStudy } from "../load/run-studies.ts";
import type { Need } from "../machine-needs.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { Stage } from "../stage/stage.ts";

export type Harm = {
  readonly stage: Stage;
  readonly random: SeededRandom;
  readonly clock: Clock;
  /** This run's studies, by the gateway that they go to. */
  readonly load: readonly { readonly site: RunningSite; readonly study: LoadStudy }[];
};

export type Done = {
  /** What was done to whom, for the record. */
  readonly what: string;
  /** How long it lasts until `heal`. */
  readonly holdMs: number;
  /** @returns what else is to be said of it, known only now. */
  readonly heal: () => Promise<string | void>;
  /** What must hold besides the invariants, looked at when all has ended; by default that no job was given up. */
  readonly mustHold?: () => string[];
  /** Which event after the fault shows that affected work goes on; else any claim, completion or delivery does. */
  readonly goesOn?: (event: LedgerEvent) => boolean;
};

export type FaultDrill = {
  /** One sentence for the table of drills. */
  readonly what: string;
  readonly needs: readonly Need[];
  /** `receiving`: while objects come in; `working`: while jobs are held; `any`: either, by the seed. */
  readonly when: "receiving" | "working" | "any";
  readonly inject: (harm: Harm) => Promise<Done>;
};

/** @throws RangeError when there is none. */
export const pickProcess = (
  { stage, random }: Pick<Harm, "stage" | "random">,
  fits: (process: ManagedProcess) => boolean,
): ManagedProcess => random.pick(stage.cluster.processes.filter(fits));
