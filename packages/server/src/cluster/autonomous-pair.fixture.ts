/** A hub of one site and an autonomous site as its leaf, on real servers, with a line between them that the test can cut. */
import { mkdtemp, rm } from "node:fs/promises";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import type { TlsFiles } from "@releve/domain/tls-files";
import { askForCopy, clusterLedger, copyNameOf, domainOf } from "@releve/ledger/jetstream/autonomous-ledger";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import type { Environment } from "../config/read-settings.ts";
import { ledgerAccounts } from "../identities/accounts.ts";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identifiedLink } from "../identities/identified-link.ts";
import { operatorIdentity, routeUri, type Identity } from "../identities/identity.ts";
import { autonomousLedgerPlan, leafIdentity, takingLeaves } from "./autonomous-site.ts";
import { startNatsServer, type NatsPlan } from "./nats-process.ts";
import { freePorts } from "./ports.ts";

const address = "127.0.0.1";
export const hubSite = "site-a";
export const leafSite = "site-x";
export type Site = typeof hubSite | typeof leafSite;

const processesOf = (site: Site): readonly Identity[] => [
  { kind: "gateway", site, name: "gateway" },
  { kind: "api", site, name: "api" },
  { kind: "node", site, name: `node-${site.at(-1)}` },
];
const servers: Readonly<Record<Site, Identity>> = {
  [hubSite]: { kind: "ledger", site: hubSite, name: "ledger" },
  [leafSite]: leafIdentity(leafSite),
};
/** What each side reads besides its own. */
export const copyAt: Readonly<Record<Site, string>> = { [hubSite]: leafSite, [leafSite]: clusterLedger };

export type AutonomousPair = {
  readonly dir: string;
  /** The settings that every role of the site is started with, and the `releve` command there. */
  readonly environmentOf: (kind: "gateway" | "api" | "node" | "operator", site: Site) => Environment;
  readonly cut: () => void;
  readonly heal: () => void;
  /** Kills the leaf's ledger server and starts it again. */
  readonly restartLeaf: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** @param replicas of the hub's ledger, each at a server of its own; the leaf's line goes to the first. */
export async function startAutonomousPair(replicas: 1 | 3 = 1): Promise<AutonomousPair> {
  const dir = await mkdtemp(join(tmpdir(), "releve-pair-"));
  const tlsOf = await identitiesIn(dir);
  const [hubPort, leavesPort, leafPort] = (await freePorts(3)) as [number, number, number];
  const line = await cuttableLine(leavesPort);
  const portOf: Readonly<Record<Site, number>> = { [hubSite]: hubPort, [leafSite]: leafPort };
  const replicasAt: Readonly<Record<Site, number>> = { [hubSite]: replicas, [leafSite]: 1 };
  const plan = (site: Site): NatsPlan => ({
    dir: join(dir, site, "nats"),
    serverName: `nats-${site}`,
    host: address,
    port: portOf[site],
    security: {
      tls: tlsOf(servers[site]),
      accounts: ledgerAccounts([operatorIdentity, ...processesOf(site)], ledgerStream.name, [
        copyNameOf(copyAt[site]),
      ]),
      routeUser: routeUri,
    },
  });
  const others = await otherServers(plan(hubSite), replicas - 1);
  const first = { ...plan(hubSite), ...(replicas > 1 && { cluster: others.cluster }) };
  const hub = await startNatsServer(takingLeaves(first, leavesPort, [leafSite]));
  const trunk = `${address}:${line.port}`;
  const leafPlan = autonomousLedgerPlan({ ...plan(leafSite), site: leafSite }, [trunk]);
  let leaf = await startNatsServer(leafPlan);
  for (const site of [hubSite, leafSite] as const)
    await setUp(portOf[site], tlsOf(operatorIdentity), copyAt[site], replicasAt[site]);
  return {
    dir,
    environmentOf: (kind, site) => {
      const identities = [...processesOf(site), operatorIdentity];
      const tls = tlsOf(identities.find((identity) => identity.kind === kind)!);
      return {
        RELEVE_SITE: site,
        RELEVE_NATS_URL: `tls://${address}:${portOf[site]}`,
        RELEVE_LEDGER_REPLICAS: String(replicasAt[site]),
        RELEVE_DATA_DIR: join(dir, site, "data"),
        RELEVE_TLS_CERT: tls.certFile,
        RELEVE_TLS_KEY: tls.keyFile,
        RELEVE_TLS_CA: tls.caFile,
        RELEVE_LEDGER_COPIES: copyAt[site],
      };
    },
    cut: line.cut,
    heal: line.heal,
    restartLeaf: async () => {
      leaf.kill("SIGKILL");
      await leaf.gone;
      leaf = await startNatsServer(leafPlan);
    },
    stop: async () => {
      await Promise.all([leaf, hub, ...others.servers].map((server) => server.stop()));
      await line.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** Started beside the first; `cluster` is what the first needs to find them. */
async function otherServers(first: NatsPlan, count: number) {
  const ports = await freePorts(2 * count + 1);
  const route = (index: number) => `${address}:${ports[index]!}`;
  const routes = Array.from({ length: count + 1 }, (_, index) => route(index));
  const clusterOf = (index: number) => ({
    name: "releve",
    port: ports[index]!,
    routes: routes.filter((other) => other !== route(index)),
  });
  const plans = Array.from({ length: count }, (_, index) => ({
    ...first,
    dir: `${first.dir}-${index}`,
    serverName: `${first.serverName}-${index}`,
    domain: domainOf(clusterLedger),
    port: ports[count + 1 + index]!,
    cluster: clusterOf(index + 1),
  }));
  return { servers: await Promise.all(plans.map(startNatsServer)), cluster: clusterOf(0) };
}

async function identitiesIn(dir: string): Promise<(identity: Identity) => TlsFiles> {
  const everyone = [
    ...Object.values(servers),
    operatorIdentity,
    ...[hubSite, leafSite].flatMap((site) => processesOf(site as Site)),
  ];
  const wanted = everyone.map((identity) => ({ ...identity, addresses: [address] }));
  const made = await ensureIdentities(join(dir, "identities"), wanted, systemClock.nowMs());
  const files = new Map(everyone.map((identity, index) => [JSON.stringify(identity), made[index]!]));
  return (identity) => files.get(JSON.stringify(identity))!;
}

/** What an operator does once: the ledger, and the copy of the other one. */
async function setUp(port: number, tls: TlsFiles, ledger: string, replicas: number): Promise<void> {
  const link = {
    servers: [`tls://${address}:${port}`],
    name: "test",
    ...identifiedLink(operatorIdentity, tls),
  };
  await (await openJetStreamLog({ ...link, stream: { ...ledgerStream, replicas } })).close();
  await askForCopy({ ...link, ledger, replicas });
}

/** Takes connections for `target` on a port of its own; while it is cut it ends them, and every new one. */
async function cuttableLine(target: number) {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connectSocket({ host: address, port: target });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.once("error", () => other.destroy());
      one.once("close", () => (sockets.delete(one), other.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    heal: () => void (whole = true),
    close: () => (cut(), new Promise<void>((resolve) => server.close(() => resolve()))),
  };
}
