/** The embedded cluster: nats-server, two sites, an archive; checked before, watched while it runs, stopped together. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { prepareProvider } from "@releve/access/embedded/prepare-provider";
import type { ShownPassword } from "@releve/access/embedded/users";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { checkDisk } from "./check-disk.ts";
import { supervisedRole } from "./child.ts";
import { startNats, stopLeftoverNats } from "./nats-process.ts";
import { firstTaken } from "./ports.ts";
import { Supervisor } from "./supervisor.ts";
import {
  identityClients,
  identityDirIn,
  natsUrlOf,
  topology,
  type Ports,
  type ProcessPlan,
  type TopologyOptions,
} from "./topology.ts";

export type Cluster = {
  readonly ports: Ports;
  readonly plans: readonly ProcessPlan[];
  readonly supervisor: Supervisor;
  readonly log: EventLog;
  /** To be shown to whoever started it; none but at the first start with sign-in. */
  readonly passwords: readonly ShownPassword[];
  readonly stop: () => Promise<void>;
  /** SIGKILL to every process at once: what a power failure of the whole house does. Its data can be started again. */
  readonly killEverything: () => Promise<void>;
};

export type ClusterOptions = TopologyOptions & {
  readonly say: (sentence: string) => void;
  readonly onStarted: (name: string, started: number, total: number) => void;
};

/** @throws Fault PORT_TAKEN, DISK_FULL, NATS_FAILED, ROLE_FAILED: one sentence that says what to do; nothing is left running. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir, ports } = options;
  checkDisk(dataDir);
  const natsDir = join(dataDir, "nats");
  await stopLeftoverNats(natsDir);
  const nats = await startNats(natsDir, await checkedPort(ports));
  const supervisor = new Supervisor({ ...options, clock: systemClock });
  const plans = topology(options);
  let log: EventLog | undefined;
  try {
    const passwords = options.signIn ? await prepareProvider(identityDirIn(dataDir), identityClients) : [];
    const opened = await openJetStreamLog({ servers: [natsUrlOf(ports)], name: "supervisor" });
    log = opened;
    await supervisor.start(plans.map((plan) => supervisedRole(plan, join(dataDir, "log"))));
    const stop = async () => {
      await opened.close();
      await supervisor.stop();
      await nats.stop();
    };
    const killEverything = async () => {
      nats.kill("SIGKILL");
      await Promise.all([supervisor.kill(), nats.gone]);
      await opened.close();
    };
    return { ports, plans, supervisor, log: opened, passwords, stop, killEverything };
  } catch (error) {
    await log?.close(); // a connection that goes on trying would keep this process from ending
    await supervisor.stop();
    await nats.stop();
    throw error;
  }
}

async function checkedPort({ nats, sites, archive, identity }: Ports): Promise<number> {
  const all = [...Object.values(sites), archive].flatMap((ports) => Object.values(ports));
  const taken = await firstTaken([...all, nats, identity]);
  if (taken === undefined) return nats;
  const advice = "stop what listens there, or choose other ports with --port";
  throw new Fault("PORT_TAKEN", `port ${taken} is taken; ${advice}`, "later");
}
