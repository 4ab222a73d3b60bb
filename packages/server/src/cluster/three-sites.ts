/** Three sites on this machine: a ledger server each with three replicas, a gateway, two nodes, an API; watched until stopped. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { ledgerMembers } from "@releve/ledger/jetstream/ledger-members";
import type { Destination } from "@releve/gateway/delivery/destination";
import { checkDisk } from "./check-disk.ts";
import { supervisedRole } from "./child.ts";
import { consoleDir } from "./console-dir.ts";
import { natsStoreIn, stopLeftoverNats } from "./nats-process.ts";
import { firstTaken, freePorts } from "./ports.ts";
import type { ManagedProcess, RunningCluster, RunningSite } from "./running-cluster.ts";
import {
  ledgerServerPlan,
  natsUrlAt,
  rolePlans,
  siteDirOf,
  siteLetters,
  siteNameOf,
  sitePortNames,
  sitePortsFrom,
  webUrlAt,
  type SitePlace,
  type ThreeSitesPlan,
} from "./site-plan.ts";
import { startLedgerMember } from "./start-ledger-member.ts";
import { storeStateOf } from "./store-state.ts";
import { Supervisor, type Supervised } from "./supervisor.ts";

export type ThreeSitesOptions = Pick<ThreeSitesPlan, "dataDir" | "environment"> & {
  /** Where every site sends results; none by default. */
  readonly destinations?: readonly Destination[];
  /** A study without a new object for this long is complete; 1 s by default. */
  readonly settleSilenceMs?: number;
  /** The first of each site's consecutive ports; free ones by default. */
  readonly firstPort?: number;
  readonly say?: (sentence: string) => void;
  readonly onStarted?: (name: string, started: number, total: number) => void;
};

const stream = { ...ledgerStream, replicas: siteLetters.length };
const streamWithinMs = 60_000;

/**
 * Resolves when every process is ready. State under `dataDir` of an earlier start is taken up again.
 * @throws Fault DISK_FULL, PORT_TAKEN, NATS_FAILED, ROLE_FAILED: one sentence; nothing is left running.
 */
export async function startThreeSites(options: ThreeSitesOptions): Promise<RunningCluster> {
  const { say = () => {} } = options;
  checkDisk(options.dataDir);
  const plan: ThreeSitesPlan = {
    ...options,
    consoleDir,
    settleSilenceMs: options.settleSilenceMs ?? 1_000,
    destinations: options.destinations ?? [],
    places: await loopbackPlaces(options.firstPort),
  };
  const total = plan.places.length * 5;
  let started = 0;
  const onStarted = (name: string) => options.onStarted?.(name, (started += 1), total);
  const newSupervisor = () => new Supervisor({ say, onStarted, clock: systemClock });
  const supervisors = { ledger: newSupervisor(), roles: newSupervisor() };
  const processes = plan.places.flatMap((place) => processesOf(plan, place, say));
  try {
    await startLedger(plan, supervisors.ledger, processes);
    const roles = processes.filter(({ role }) => role !== "nats");
    await supervisors.roles.start(roles.map(({ supervised }) => supervised));
  } catch (error) {
    await stopAll(supervisors);
    throw error;
  }
  return runningCluster(plan, supervisors, processes);
}

type Supervisors = { readonly ledger: Supervisor; readonly roles: Supervisor };

/** The roles say goodbye to the ledger, so it goes last. */
async function stopAll({ ledger, roles }: Supervisors): Promise<void> {
  await roles.stop();
  await ledger.stop();
}

/** One address of the loopback network a site, 127.0.1.1 and following. @throws Fault PORT_TAKEN. */
async function loopbackPlaces(firstPort: number | undefined): Promise<readonly SitePlace[]> {
  const places: SitePlace[] = [];
  for (const [index, letter] of siteLetters.entries()) {
    const address = `127.0.1.${index + 1}`;
    const ports = await portsAt(address, firstPort);
    places.push({ letter, address, ports: sitePortsFrom(ports) });
  }
  return places;
}

async function portsAt(address: string, firstPort: number | undefined): Promise<readonly number[]> {
  if (firstPort === undefined) return freePorts(sitePortNames.length, address);
  const ports = sitePortNames.map((_, offset) => firstPort + offset);
  const taken = await firstTaken(ports, address);
  if (taken === undefined) return ports;
  const advice = "stop what listens there, or choose other ports with --port";
  throw new Fault("PORT_TAKEN", `port ${taken} of ${address} is taken; ${advice}`, "later");
}

type Planned = Pick<ManagedProcess, "name" | "role" | "site"> & { readonly supervised: Supervised };

function processesOf(plan: ThreeSitesPlan, place: SitePlace, say: (sentence: string) => void): Planned[] {
  const site = siteNameOf(place.letter);
  const server = ledgerServerPlan(plan, place);
  const servers = plan.places.filter(({ letter }) => letter !== place.letter).map(natsUrlAt);
  const members = () => ledgerMembers({ servers, name: "supervisor", connectLimitMs: 2_000 }, stream.name);
  const nats: Planned = {
    name: server.serverName,
    role: "nats",
    site,
    supervised: { name: server.serverName, start: () => startLedgerMember(server, { members, say }) },
  };
  const roles = rolePlans(plan, place).map((role): Planned => ({
    name: role.name,
    role: role.role,
    site,
    supervised: supervisedRole(role, join(plan.dataDir, "log")),
  }));
  return [nats, ...roles];
}

/** Those whose stores are their own come first: they stand in for one that was put back from a backup. */
async function startLedger(
  plan: ThreeSitesPlan,
  supervisor: Supervisor,
  processes: readonly Planned[],
): Promise<void> {
  const dirs = plan.places.map((place) => ledgerServerPlan(plan, place).dir);
  for (const dir of dirs) await stopLeftoverNats(dir);
  const servers = processes.filter(({ role }) => role === "nats").map(({ supervised }) => supervised);
  const restored = servers.filter((_, index) => storeStateOf(dirs[index]!) === "restored");
  const own = servers.filter((server) => !restored.includes(server));
  await supervisor.start(own);
  await Promise.all(restored.map((server) => supervisor.start([server])));
  const log = await openLedgerOf(plan, "supervisor", streamWithinMs);
  await log.close();
}

/** Creates the stream where it is missing, which takes all three servers. */
async function openLedgerOf(plan: ThreeSitesPlan, name: string, withinMs: number): Promise<EventLog> {
  const untilMs = systemClock.nowMs() + withinMs;
  for (;;) {
    try {
      return await openJetStreamLog({ servers: plan.places.map(natsUrlAt), name, stream });
    } catch (error) {
      if (!(error instanceof Fault) || systemClock.nowMs() > untilMs) throw error;
    }
    await systemClock.wait(250);
  }
}

function runningCluster(
  plan: ThreeSitesPlan,
  supervisors: Supervisors,
  processes: readonly Planned[],
): RunningCluster {
  const servers = plan.places.map(natsUrlAt);
  return {
    sites: plan.places.map((place) => runningSite(plan, place)),
    processes: processes.map(({ supervised, ...process }) =>
      managed(process, supervised, process.role === "nats" ? supervisors.ledger : supervisors.roles),
    ),
    network: undefined,
    ledger: { servers, replicas: stream.replicas },
    openLog: (name) => openLedgerOf(plan, name, 0),
    ledgerLeader: async () => {
      const members = await ledgerMembers(
        { servers, name: "supervisor", connectLimitMs: 2_000 },
        stream.name,
      );
      return members.find(({ leads, current }) => leads && current)?.server;
    },
    stop: () => stopAll(supervisors),
  };
}

function runningSite({ dataDir, ...plan }: ThreeSitesPlan, place: SitePlace): RunningSite {
  const { letter, address, ports } = place;
  return {
    site: siteNameOf(letter),
    address,
    dataDir: siteDirOf(dataDir, letter),
    natsUrl: natsUrlAt(place),
    ledgerStore: natsStoreIn(ledgerServerPlan({ dataDir, ...plan }, place).dir),
    dimse: { host: address, port: ports.dimse, aeTitle: "RELEVE" },
    webUrl: webUrlAt(place),
    consoleUrl: `http://${address}:${ports.console}`,
  };
}

const managed = (
  process: Omit<Planned, "supervised">,
  supervised: Supervised,
  supervisor: Supervisor,
): ManagedProcess => ({
  ...process,
  pid: () => supervisor.pidOf(process.name),
  signal: (signal) => supervisor.signal(process.name, signal),
  attend: (attended) => supervisor.attend(process.name, attended),
  killForGood: () => supervisor.killForGood(process.name),
  start: (extra) => supervisor.startAgain(supervised, extra),
});
