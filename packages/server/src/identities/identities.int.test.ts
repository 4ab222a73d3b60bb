/** What a stolen or foreign certificate can do at a real nats-server: nothing but what its own process may. */
import { connect as connectTcp } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { errors, type NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "@releve/domain/clock";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider } from "@releve/ledger/deciders/node";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { nodeStream } from "@releve/ledger/streams";
import { listenToHeartbeats, type HeartbeatListener } from "@releve/wire/heartbeat-listener";
import { startHeartbeats } from "@releve/wire/heartbeat-sender";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startNatsServer } from "../cluster/nats-process.ts";
import { ensureIdentities } from "./ensure-identities.ts";
import {
  apiA,
  gatewayA,
  nodeA1,
  nodeB1,
  operator,
  startGuardedServer,
  type GuardedServer,
} from "./identities.fixture.ts";
import { inboxPrefixOf, routeUri, type Identity } from "./identity.ts";
import { apiPrefixOf } from "./permissions.ts";

let server: GuardedServer;
let log: EventLog;
beforeAll(async () => {
  server = await startGuardedServer();
  log = await openAs(operator);
});
afterAll(async () => {
  await log.close();
  await server.stop();
});

const linkOf = (identity: Identity) => ({
  servers: [server.url],
  name: "test",
  tls: server.tlsOf(identity),
  inboxPrefix: inboxPrefixOf(identity),
});

const openAs = (identity: Identity) =>
  openJetStreamLog({ ...linkOf(identity), apiPrefix: apiPrefixOf(identity), connectLimitMs: 3_000 });

async function connectedAs(identity: Identity): Promise<NatsConnection> {
  const connection = await server.connectAs(identity);
  onTestFinished(() => connection.close());
  return connection;
}

/** Every subject that the stream holds, as the operator sees it. */
async function storedSubjects(): Promise<readonly string[]> {
  const manager = await jetstreamManager(await connectedAs(operator), { checkAPI: false });
  const { state } = await manager.streams.info(ledgerStream.name, { subjects_filter: ">" });
  return Object.keys(state.subjects ?? {});
}

const refusedTo = (subject: string) => ({
  cause: expect.objectContaining({ operation: "publish", subject }),
});

async function refusal(connection: NatsConnection, subject: string): Promise<unknown> {
  return connection.request(subject, "{}", { timeout: 2_000 }).then(
    (answer) => `answered: ${answer.string()}`,
    (error: unknown) => error,
  );
}

test("who shows no certificate, or one of another authority, does not get in", async () => {
  const foreign = await mkdtemp(join(tmpdir(), "releve-foreign-"));
  onTestFinished(() => rm(foreign, { recursive: true }));
  const [theirs] = await ensureIdentities(foreign, [{ ...nodeA1, addresses: [] }], Date.now());
  const { caFile } = server.tlsOf(nodeA1);
  for (const tls of [{ caFile }, { ...theirs!, caFile }]) {
    const connecting = connect({
      servers: server.url,
      tls: { ...tls, handshakeFirst: true },
      reconnect: false,
      timeout: 2_000,
    });
    await expect(connecting).rejects.toThrow();
  }
  await expect(connect({ servers: server.url, reconnect: false, timeout: 2_000 })).rejects.toThrow();
});

test("a node reads the ledger, follows it, and writes what is its own", async () => {
  const own = await openAs(nodeA1);
  onTestFinished(() => own.close());
  const live = own.subscribe();
  const { site, name: node } = nodeA1;
  const self = { site: site as SiteId, node: node as NodeId };
  const join = {
    type: "join",
    ...self,
    incarnation: "i1",
    slots: 1,
    engine: "cpu",
    memoryBytes: null,
  } as const;
  const context = { atMs: systemClock.nowMs(), site: self.site, actor: "node:a1" };
  await execute(own, nodeStream(self.site, self.node), nodeDecider, join, context);
  expect(await own.read(nodeStream(self.site, self.node))).toHaveLength(1);
  for await (const { stream } of live) {
    expect(stream.kind).toBe("node");
    break;
  }
});

test.each([
  ["a grant", nodeA1, "ledger.access.11111111-1111-5111-8111-111111111111"],
  ["a grant, by a gateway", gatewayA, "ledger.access.11111111-1111-5111-8111-111111111111"],
  ["another node's stream", nodeA1, `ledger.node.${nodeStream("site-b" as SiteId, "b1" as NodeId).id}`],
  ["a study", nodeA1, "ledger.study.11111111-1111-5111-8111-111111111111"],
  ["an adoption", apiA, "ledger.ledger.11111111-1111-5111-8111-111111111111"],
  ["another node's heartbeat", nodeA1, "heartbeat.site-b.b1"],
])("writing %s is refused to who may not", async (_, identity, subject) => {
  expect(await refusal(await connectedAs(identity), subject)).toMatchObject(refusedTo(subject));
});

test.each(["STREAM.PURGE", "STREAM.DELETE", "STREAM.UPDATE", "STREAM.MSG.DELETE", "STREAM.SNAPSHOT"])(
  "%s is refused to everybody",
  async (call) => {
    for (const identity of [operator, apiA, gatewayA, nodeA1]) {
      for (const prefix of new Set(["$JS.API", apiPrefixOf(identity)])) {
        const subject = `${prefix}.${call}.${ledgerStream.name}`;
        expect(await refusal(await connectedAs(identity), subject)).toMatchObject(refusedTo(subject));
      }
    }
  },
);

test("only the operator creates the stream", async () => {
  for (const identity of [apiA, gatewayA, nodeA1]) {
    const subject = `${apiPrefixOf(identity)}.STREAM.CREATE.${ledgerStream.name}`;
    expect(await refusal(await connectedAs(identity), subject)).toMatchObject(refusedTo(subject));
  }
});

test("the server is not talked into writing a grant by an answer sent to its subject", async () => {
  const forged = "ledger.access.22222222-2222-5222-8222-222222222222";
  const node = await connectedAs(nodeA1);
  const job = "ledger.job.22222222-2222-5222-8222-222222222222";
  const { seq } = (await node.request(job, "a grant", { timeout: 2_000 })).json<{ seq: number }>();
  const api = apiPrefixOf(nodeA1);
  const consumer = { name: "forger", ack_policy: "none", deliver_policy: "all", mem_storage: true };
  const made = { stream_name: ledgerStream.name, config: consumer };
  await node.request(`${api}.CONSUMER.CREATE.${ledgerStream.name}.forger`, JSON.stringify(made));
  const question = JSON.stringify({ seq });
  for (const reply of [forged, "heartbeat.site-b.b1"]) {
    node.publish(`${api}.DIRECT.GET.${ledgerStream.name}`, question, { reply });
    node.publish(`${api}.STREAM.MSG.GET.${ledgerStream.name}`, question, { reply });
    node.publish(`${api}.CONSUMER.MSG.NEXT.${ledgerStream.name}.forger`, '{"batch":9}', { reply });
    node.publish(job, "another", { reply });
  }
  await node.flush();
  await node.request(`${api}.STREAM.MSG.GET.${ledgerStream.name}`, question, { timeout: 2_000 });
  expect(await storedSubjects()).toContain(job);
  expect(await storedSubjects()).not.toContain(forged);
});

test("nobody listens to what is answered to another", async () => {
  const node = await connectedAs(nodeA1);
  for (const subject of ["_INBOX.>", `${inboxPrefixOf(apiA)}.>`, "ledger.>", ">"]) {
    const refused = new Promise((resolve) => {
      node.subscribe(subject, { callback: (error) => void (error && resolve(error)) });
    });
    expect(await refused).toBeInstanceOf(errors.PermissionViolationError);
  }
});

test("everybody hears the heartbeats of every kind of process, and a forged one is not heard", async () => {
  const beat = { site: nodeB1.site, node: nodeB1.name, kind: "recon", incarnation: "i1", slots: 1 } as const;
  const sender = startHeartbeats({ ...beat, servers: [server.url], tls: server.tlsOf(nodeB1) });
  onTestFinished(() => sender.stop());
  const listeners: HeartbeatListener[] = [];
  for (const identity of [operator, apiA, gatewayA, nodeA1])
    listeners.push(await listenToHeartbeats(linkOf(identity)));
  onTestFinished(async () => void (await Promise.all(listeners.map((listener) => listener.stop()))));
  const thief = startHeartbeats({
    ...beat,
    incarnation: "forged",
    servers: [server.url],
    tls: server.tlsOf(nodeA1),
  });
  onTestFinished(() => thief.stop());
  await thief.beating;
  for (const listener of listeners) {
    await expect.poll(() => listener.liveness().nodes.size, { timeout: 10_000 }).toBe(1);
    const [heard] = listener.liveness().nodes.values();
    expect(heard!.beat.incarnation).toBe("i1");
  }
});

test("a route is another ledger server's: with a node's certificate, or none, it is refused", async () => {
  const ledgerTls = server.plan.security!.tls;
  const member = (name: string, tls: typeof ledgerTls, port: number) => ({
    ...server.plan,
    dir: join(server.dir, name),
    serverName: name,
    port,
    security: { ...server.plan.security!, tls },
  });
  const [hub, good, bad] = server.spare;
  const cluster = (port: number, to: number) => ({
    name: "releve",
    port,
    routes: to === port ? [] : [`127.0.0.1:${to}`],
  });
  const first = await startNatsServer({
    ...member("first", ledgerTls, hub!.client),
    cluster: cluster(hub!.route, good!.route),
  });
  onTestFinished(() => first.stop());
  const second = await startNatsServer({
    ...member("second", ledgerTls, good!.client),
    cluster: cluster(good!.route, hub!.route),
  });
  onTestFinished(() => second.stop());
  const logOfFirst = () => server.logOf("first");
  await expect.poll(logOfFirst, { timeout: 10_000 }).toMatch(/Route connection created/);
  const thief = await startNatsServer({
    ...member("thief", server.tlsOf(nodeA1), bad!.client),
    cluster: cluster(bad!.route, hub!.route),
  });
  onTestFinished(() => thief.stop());
  await expect.poll(logOfFirst, { timeout: 10_000 }).toMatch(/rid:\d+ - authentication error/i);
  const plain = connectTcp(hub!.route, "127.0.0.1");
  plain.write('CONNECT {"server_id":"x"}\r\n');
  await new Promise((resolve) =>
    plain
      .once("close", resolve)
      .once("error", () => {})
      .resume(),
  );
  expect(routeUri).toBe(server.plan.security!.routeUser);
}, 60_000);
