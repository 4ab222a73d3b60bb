/** What every actor of a simulation shares. */
import type { Uuid } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import type { Network } from "../kernel/network.ts";
import type { Random } from "../kernel/seeded-random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { Oracle } from "../oracle/oracle.ts";
import type { Disturbances } from "../oracle/disturbances.ts";
import type { Plan } from "../scenario/plan.ts";
import type { Cluster } from "../stream/cluster.ts";
import type { Connection } from "../stream/connection.ts";
import type { HeartbeatBus } from "./heartbeat-bus.ts";
import type { Pacs } from "./pacs.ts";

export type World = {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly cluster: Cluster;
  readonly oracle: Oracle;
  readonly disturbances: Disturbances;
  readonly bus: HeartbeatBus;
  readonly pacs: Pacs;
  readonly newEventId: () => Uuid;
  /** A number that was never given before. */
  readonly nextNumber: () => number;
  /** A new start of a process. */
  readonly spawn: (name: string, site: number) => SimProcess;
  readonly openLedger: (process: SimProcess) => { readonly log: EventLog; readonly connection: Connection };
  readonly tell: (who: string, text: () => string) => void;
};

export const siteName = (site: number): string => `site-${"abc"[site]}`;
