/** An autonomous site over a real link: it works on while the others are away, and what it wrote is then there once. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "@releve/domain/clock";
import type { NodeId, SiteId } from "@releve/domain/ids";
import type { TlsFiles } from "@releve/domain/tls-files";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider } from "@releve/ledger/deciders/node";
import type { EventLog } from "@releve/ledger/event-log";
import { copyNameOf, ensureCopy } from "@releve/ledger/jetstream/autonomous-ledger";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { nodeStream } from "@releve/ledger/streams";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ledgerAccounts } from "../identities/accounts.ts";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identifiedLink } from "../identities/identified-link.ts";
import { inboxPrefixOf, operatorIdentity, routeUri, type Identity } from "../identities/identity.ts";
import { autonomousLedgerPlan, leafIdentity, takingLeaves } from "./autonomous-site.ts";
import type { Child } from "./child.ts";
import { startNatsServer, type NatsPlan } from "./nats-process.ts";
import { freePorts } from "./ports.ts";

const address = "127.0.0.1";
const site = "site-x" as SiteId;
const trunkServer: Identity = { kind: "ledger", site: "site-a", name: "ledger" };
const node: Identity = { kind: "node", site: "site-a", name: "a1" };
const everyone = [trunkServer, leafIdentity(site), operatorIdentity, node];

let dir: string;
let trunkPlan: NatsPlan;
let leafPlan: NatsPlan;
let files: ReadonlyMap<Identity, TlsFiles>;
let trunk: Child;
let leaf: Child;
let log: EventLog;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "releve-autonomous-"));
  const wanted = everyone.map((identity) => ({ ...identity, addresses: [address] }));
  const made = await ensureIdentities(join(dir, "identities"), wanted, systemClock.nowMs());
  files = new Map(everyone.map((identity, index) => [identity, made[index]!]));
  const [trunkPort, leavesPort, leafPort] = (await freePorts(3)) as [number, number, number];
  const plan = (name: string, port: number, tls: TlsFiles) => ({
    dir: join(dir, name),
    serverName: name,
    host: address,
    port,
    security: {
      tls,
      accounts: ledgerAccounts([operatorIdentity], ledgerStream.name),
      routeUser: routeUri,
    },
  });
  trunkPlan = takingLeaves(plan("trunk", trunkPort, files.get(trunkServer)!), leavesPort, [site]);
  leafPlan = autonomousLedgerPlan({ ...plan("leaf", leafPort, files.get(everyone[1]!)!), site }, [
    `${address}:${leavesPort}`,
  ]);
  trunk = await startNatsServer(trunkPlan);
  leaf = await startNatsServer(leafPlan);
  log = await openJetStreamLog(linkTo(leafPlan));
  await (await openJetStreamLog(linkTo(trunkPlan))).close();
}, 60_000);
afterAll(async () => {
  await log.close();
  await Promise.all([leaf.stop(), trunk.stop()]);
  await rm(dir, { recursive: true });
});

const linkTo = ({ port }: NatsPlan) => ({
  servers: [`tls://${address}:${port}`],
  name: "test",
  ...identifiedLink(operatorIdentity, files.get(operatorIdentity)!),
});

async function managerOfTrunk(): Promise<JetStreamManager> {
  const connection = await connect({
    servers: `tls://${address}:${trunkPlan.port}`,
    tls: { ...files.get(operatorIdentity)!, handshakeFirst: true },
    inboxPrefix: inboxPrefixOf(operatorIdentity),
  });
  onTestFinished(() => connection.close());
  return jetstreamManager(connection, { checkAPI: false });
}

async function writeAt(name: string): Promise<void> {
  const self = { site, node: name as NodeId };
  const join = {
    type: "join",
    ...self,
    incarnation: "i1",
    slots: 1,
    engine: "cpu",
    memoryBytes: null,
  } as const;
  const context = { atMs: systemClock.nowMs(), site, actor: `node:${name}` };
  await execute(log, nodeStream(site, self.node), nodeDecider, join, context);
}

const stored = async (manager: JetStreamManager, stream: string): Promise<number> =>
  manager.streams.info(stream).then(
    ({ state }) => state.messages,
    () => -1, // not up yet
  );

test("what an autonomous site writes is copied once, also what it wrote while nobody else was there", async () => {
  const manager = await managerOfTrunk();
  await ensureCopy(manager, site, 1);
  await writeAt("x1");
  await expect.poll(() => stored(manager, copyNameOf(site)), { timeout: 20_000 }).toBe(1);
  await trunk.stop();
  for (const name of ["x2", "x3", "x4"]) await writeAt(name);
  trunk = await startNatsServer(trunkPlan);
  const again = await managerOfTrunk();
  await expect.poll(() => stored(again, copyNameOf(site)), { timeout: 90_000 }).toBe(4);
  expect(await stored(again, ledgerStream.name)).toBe(0);
}, 120_000);

test("nobody but the site's own server may be its leaf", async () => {
  const [port] = (await freePorts(1)) as [number];
  const thiefPlan = {
    ...leafPlan,
    dir: join(dir, "thief"),
    serverName: "thief",
    domain: "thief",
    port,
    security: { ...leafPlan.security!, tls: files.get(node)! },
  };
  const thief = await startNatsServer(thiefPlan);
  onTestFinished(() => thief.stop());
  const said = () => readFileSync(join(dir, "trunk", "nats.log"), "utf8");
  await expect.poll(said, { timeout: 20_000 }).toMatch(/authentication error|authorization violation/i);
}, 60_000);
