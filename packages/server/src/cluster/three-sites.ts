/** Three sites on this machine: a ledger server each with three replicas, a gateway, two nodes, an API; watched until stopped. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { TlsFiles } from "@releve/domain/tls-files";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { ledgerMembers } from "@releve/ledger/jetstream/ledger-members";
import type { Destination } from "@releve/gateway/delivery/destination";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identifiedLink } from "../identities/identified-link.ts";
import { identityUri, operatorIdentity, type Identity } from "../identities/identity.ts";
import { checkDisk } from "./check-disk.ts";
import { supervisedRole } from "./child.ts";
import { consoleDir } from "./console-dir.ts";
import { openInwardDoors, openOutwardDoors } from "./local-doors.ts";
import { natsStoreIn, stopLeftoverNats } from "./nats-process.ts";
import type { LocalDoor } from "./network/local-door.ts";
import { openPlaces, type LocalPlace, type OpenPlaces, type PlaceChoice } from "./open-places.ts";
import type { ManagedProcess, RunningCluster, RunningSite } from "./running-cluster.ts";
import {
  identitiesAt,
  ledgerServerPlan,
  natsUrlAt,
  rolePlans,
  siteDirOf,
  siteLetters,
  siteNameOf,
  webUrlAt,
  type SitePlace,
  type ThreeSitesPlan,
} from "./site-plan.ts";
import { startLedgerMember } from "./start-ledger-member.ts";
import { storeStateOf } from "./store-state.ts";
import { Supervisor, type Supervised } from "./supervisor.ts";

export type ThreeSitesOptions = Pick<ThreeSitesPlan, "dataDir" | "environment"> & {
  /** Where every site sends results; none by default. One on this machine's loopback is made reachable for the sites. */
  readonly destinations?: readonly Destination[];
  /** A study without a new object for this long is complete; 1 s by default. */
  readonly settleSilenceMs?: number;
  /** The first of each site's consecutive ports; free ones by default. */
  readonly firstPort?: number;
  /** Loopback by default. In namespaces every process has a certificate, and the sites' network can be cut and slowed. */
  readonly place?: PlaceChoice;
  /** Certificates also on loopback. */
  readonly identities?: boolean;
  readonly say?: (sentence: string) => void;
  readonly onStarted?: (name: string, started: number, total: number) => void;
};

const stream = { ...ledgerStream, replicas: siteLetters.length };
const streamWithinMs = 60_000;

/**
 * Resolves when every process is ready. State under `dataDir` of an earlier start is taken up again.
 * @throws Fault DISK_FULL, PORT_TAKEN, NETWORK_FAILED, NATS_FAILED, ROLE_FAILED: one sentence; nothing is left running.
 */
export async function startThreeSites(options: ThreeSitesOptions): Promise<RunningCluster> {
  checkDisk(options.dataDir);
  for (const letter of siteLetters) await stopLeftoverNats(join(siteDirOf(options.dataDir, letter), "nats"));
  const open = await openPlaces(options.place ?? "loopback", options.firstPort);
  const doors: LocalDoor[] = [];
  const surroundings: Surroundings = { open, doors, ...newSupervisors(options) };
  try {
    return await startIn(surroundings, options);
  } catch (error) {
    await stopAll(surroundings);
    throw error;
  }
}

type Surroundings = {
  readonly open: OpenPlaces;
  readonly doors: LocalDoor[];
  readonly ledger: Supervisor;
  readonly roles: Supervisor;
};

function newSupervisors({ say = () => {}, onStarted }: ThreeSitesOptions) {
  const total = siteLetters.length * 5;
  let started = 0;
  const tell = (name: string) => onStarted?.(name, (started += 1), total);
  const newSupervisor = () => new Supervisor({ say, onStarted: tell, clock: systemClock });
  return { ledger: newSupervisor(), roles: newSupervisor() };
}

async function startIn(around: Surroundings, options: ThreeSitesOptions): Promise<RunningCluster> {
  const { open, doors } = around;
  const secure = open.network !== undefined || options.identities === true;
  const filesOf = secure ? await makeIdentities(options.dataDir, open.places) : undefined;
  const plan: ThreeSitesPlan = {
    ...options,
    consoleDir,
    settleSilenceMs: options.settleSilenceMs ?? 1_000,
    destinations: await reachable(options.destinations ?? [], around),
    places: open.places,
    ...(filesOf && { security: { filesOf, senders: [open.network?.hostAddress ?? "127.0.0.0/8"] } }),
  };
  const processes = plan.places.flatMap((place) => processesOf(plan, place, options.say ?? (() => {})));
  await startLedger(plan, around.ledger, processes);
  const roles = processes.filter(({ role }) => role !== "nats");
  await around.roles.start(roles.map(({ supervised }) => supervised));
  if (open.network && filesOf)
    doors.push(...(await openInwardDoors(open.places, open.local, filesOf(operatorIdentity))));
  return runningCluster(plan, around, processes);
}

async function reachable(
  wanted: readonly Destination[],
  { open, doors }: Surroundings,
): Promise<readonly Destination[]> {
  if (!open.network) return wanted;
  const outward = await openOutwardDoors(wanted, open.network.hostAddress);
  doors.push(...outward.doors);
  return outward.destinations;
}

/** The roles say goodbye to the ledger, so it goes after them; the network goes last. */
async function stopAll({ ledger, roles, doors, open }: Surroundings): Promise<void> {
  await roles.stop();
  await ledger.stop();
  await Promise.all(doors.map((door) => door.close()));
  await open.network?.close();
}

async function makeIdentities(
  dataDir: string,
  places: readonly SitePlace[],
): Promise<(identity: Identity) => TlsFiles> {
  const wanted = [
    { ...operatorIdentity, addresses: [] },
    ...places.flatMap(({ letter, address }) =>
      identitiesAt(letter).map((identity) => ({ ...identity, addresses: [address] })),
    ),
  ];
  const files = await ensureIdentities(join(dataDir, "identities"), wanted, systemClock.nowMs());
  const byUri = new Map(wanted.map((identity, index) => [identityUri(identity), files[index]!]));
  return (identity) => byUri.get(identityUri(identity))!;
}

type Planned = Pick<ManagedProcess, "name" | "role" | "site"> & { readonly supervised: Supervised };

function processesOf(plan: ThreeSitesPlan, place: SitePlace, say: (sentence: string) => void): Planned[] {
  const site = siteNameOf(place.letter);
  const server = ledgerServerPlan(plan, place);
  const others = plan.places.filter(({ letter }) => letter !== place.letter);
  const members = () => ledgerMembers({ ...linkTo(plan, others), connectLimitMs: 2_000 }, stream.name);
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

/** As the operator, by the servers of these places. */
function linkTo({ security }: ThreeSitesPlan, places: readonly SitePlace[], name = "supervisor") {
  const link = { servers: places.map(natsUrlAt), name };
  return security
    ? { ...link, ...identifiedLink(operatorIdentity, security.filesOf(operatorIdentity)) }
    : link;
}

/** Those whose stores are their own come first: they stand in for one that was put back from a backup. */
async function startLedger(
  plan: ThreeSitesPlan,
  supervisor: Supervisor,
  processes: readonly Planned[],
): Promise<void> {
  const dirs = plan.places.map((place) => ledgerServerPlan(plan, place).dir);
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
      return await openJetStreamLog({ ...linkTo(plan, plan.places, name), stream });
    } catch (error) {
      if (!(error instanceof Fault) || systemClock.nowMs() > untilMs) throw error;
    }
    await systemClock.wait(250);
  }
}

function runningCluster(
  plan: ThreeSitesPlan,
  around: Surroundings,
  processes: readonly Planned[],
): RunningCluster {
  const { name: _, ...ledger } = linkTo(plan, plan.places);
  const { network, local } = around.open;
  let stopped: Promise<void> | undefined;
  return {
    sites: plan.places.map((place, index) => ({
      ...runningSite(plan, place, local[index]!),
      ...(network && { namespace: network.namespaceOf(siteNameOf(place.letter)) }),
    })),
    processes: processes.map(({ supervised, ...process }) =>
      managed(process, supervised, process.role === "nats" ? around.ledger : around.roles),
    ),
    network: network?.network,
    ledger: { ...ledger, replicas: stream.replicas },
    openLog: (name) => openLedgerOf(plan, name, 0),
    ledgerLeader: async () => {
      const asking = { ...linkTo(plan, plan.places), connectLimitMs: 2_000 };
      const members = await ledgerMembers(asking, stream.name);
      return members.find(({ leads, current }) => leads && current)?.server;
    },
    stop: () => (stopped ??= stopAll(around)),
  };
}

function runningSite(plan: ThreeSitesPlan, place: SitePlace, local: LocalPlace): RunningSite {
  const { letter, address, ports } = place;
  return {
    site: siteNameOf(letter),
    address,
    dataDir: siteDirOf(plan.dataDir, letter),
    natsUrl: natsUrlAt(place),
    ledgerStore: natsStoreIn(ledgerServerPlan(plan, place).dir),
    dimse: { host: local.address, port: ports.dimse, aeTitle: "RELEVE" },
    webUrl: webUrlAt(local),
    consoleUrl: `http://${local.address}:${ports.console}`,
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
