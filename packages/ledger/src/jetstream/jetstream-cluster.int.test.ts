/** The ledger on three servers: the contract, and what must hold while servers die, freeze and come back. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { startNatsCluster, type TestNatsCluster } from "@releve/testkit/nats/nats-cluster";
import type { TestNats } from "@releve/testkit/nats/nats-server";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { cancelled, eventLogContract, jobId, newEvent, take } from "../event-log.contract.ts";
import type { EventLog } from "../event-log.ts";
import type { LedgerFault } from "../faults.ts";
import { jobStream } from "../streams.ts";
import { openJetStreamLog, type JetStreamLogOptions } from "./jetstream-log.ts";

const stream = { name: "LEDGER", replicas: 3 };
let cluster: TestNatsCluster;
beforeAll(async () => {
  cluster = await startNatsCluster(3);
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function openAt(
  servers: readonly string[],
  options: Partial<JetStreamLogOptions> = {},
): Promise<EventLog> {
  const log = await openJetStreamLog({ servers, name: "test", stream, ...options });
  onTestFinished(() => log.close());
  return log;
}

const cancel = (log: EventLog, name: string) =>
  log.append(jobStream(jobId(name)), [newEvent(name, cancelled(jobId(name), name))], "none");

async function reasons(log: EventLog): Promise<readonly string[]> {
  const commits = await take(log.readAll(), Infinity);
  return commits.flatMap(({ events }) =>
    events.flatMap(({ event }) => (event.type === "JobCancelled" ? [event.reason] : [])),
  );
}

async function leaderAndOthers(): Promise<{ leader: TestNats; others: readonly TestNats[] }> {
  await openAt(cluster.urls); // makes the stream, where no test before did
  const leader = await cluster.leaderOf("LEDGER");
  if (!leader) throw new Error("the stream has no leader");
  return { leader, others: cluster.servers.filter((server) => server !== leader) };
}

test("three processes that open the ledger while the cluster starts make one stream", async () => {
  const logs = await Promise.all(cluster.urls.map((url) => openAt([url])));
  await Promise.all(logs.map((log, index) => cancel(log, `process ${index}`)));
  expect((await reasons(logs[0]!)).toSorted()).toEqual(["process 0", "process 1", "process 2"]);
});

test("another number of replicas is refused, and it is said what to do", async () => {
  const opening = openAt(cluster.urls, { stream: { name: "LEDGER", replicas: 1 } });
  await expect(opening).rejects.toMatchObject({
    code: "LEDGER_STREAM_DIFFERS",
    message: expect.stringMatching(
      /num_replicas: 3, needed 1.*nats stream edit LEDGER --replicas 1/,
    ) as string,
  });
});

/** Each test of the contract gets a stream that is empty: the one before is taken away by the test, as no role could. */
eventLogContract("JetStream R3", async () => {
  const open = () => openJetStreamLog({ servers: cluster.urls, name: "test", stream });
  await (await open()).close(); // waits for the cluster
  await removeStream();
  return open();
});

async function removeStream(): Promise<void> {
  const connection = await connect({ servers: [...cluster.urls] });
  await (await jetstreamManager(connection)).streams.delete("LEDGER");
  await connection.close();
}

/** Appends under names of its own until told to stop, and gives back what was acknowledged. */
function writer(log: EventLog, name: string): { readonly stop: () => Promise<readonly string[]> } {
  const stopping = new AbortController();
  const acknowledged: string[] = [];
  const written = (async () => {
    for (let i = 0; !stopping.signal.aborted; i++) {
      const outcome = await cancel(log, `${name} ${i}`);
      if (outcome.appended) acknowledged.push(`${name} ${i}`);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await written;
      return acknowledged;
    },
  };
}

const eightWriters = (logs: readonly EventLog[], name: string) =>
  Array.from({ length: 8 }, (_, index) => writer(logs[index % logs.length]!, `${name} w${index}`));

async function expectEachOnce(log: EventLog, acknowledged: readonly string[]): Promise<void> {
  const stored = await reasons(log);
  expect(new Set(stored).size).toBe(stored.length);
  expect(acknowledged.filter((name) => !stored.includes(name))).toEqual([]);
}

/** After a fault the writers must get through again before they are stopped. */
const oneMore = (log: EventLog, name: string) => cancel(log, `after ${name}`);

test("the leader killed while eight writers append: nothing acknowledged is lost, nothing is there twice", async () => {
  const logs = await Promise.all([openAt(cluster.urls), openAt(cluster.urls.toReversed())]);
  const seen: string[] = [];
  const subscription = logs[1].subscribe();
  const following = (async () => {
    for await (const { events } of subscription) seen.push(...events.map(({ eventId }) => eventId));
  })();
  const writers = eightWriters(logs, "kill");
  const { leader } = await leaderAndOthers();
  await oneMore(logs[0], "a start");
  await leader.kill9();
  await oneMore(logs[0], "the kill");
  await leader.restart();
  await oneMore(logs[1], "the restart");
  const acknowledged = (await Promise.all(writers.map(({ stop }) => stop()))).flat();
  await expectEachOnce(logs[0], acknowledged);
  const all = (await take(logs[0].readAll(), Infinity)).flatMap(({ events }) =>
    events.map(({ eventId }) => eventId),
  );
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(all.length);
  subscription.stop();
  await following;
  expect(seen).toEqual(all);
});

test("a follower killed stops nobody, and gets all when it is back", async () => {
  const log = await openAt(cluster.urls);
  const { others } = await leaderAndOthers();
  const writers = eightWriters([log], "follower");
  await others[0]!.kill9();
  expect(await oneMore(log, "the follower's kill")).toMatchObject({ appended: true });
  await others[0]!.restart();
  const acknowledged = (await Promise.all(writers.map(({ stop }) => stop()))).flat();
  await expectEachOnce(await openAt([others[0]!.url]), acknowledged);
});

test("who follows by a consumer in a server that dies hears on while that server is away", async () => {
  const [near, ...others] = cluster.servers as [TestNats, ...TestNats[]];
  const followers = await Promise.all(Array.from({ length: 6 }, () => openAt([near.url])));
  const seen = followers.map(() => 0);
  for (const [index, log] of followers.entries())
    void (async () => {
      for await (const _ of log.subscribe()) seen[index]! += 1;
    })();
  const all = (await take(followers[0]!.readAll(), Infinity)).length;
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(followers.map(() => all));
  const homes = await vi.waitFor(() => homesOfConsumers(near), { timeout: 30_000 });
  const victim = others.find((server) => homes.includes(cluster.servers.indexOf(server)))!;
  await victim.kill9();
  await oneMore(followers[0]!, "a consumer's server");
  await expect.poll(() => seen, { timeout: 40_000 }).toEqual(followers.map(() => all + 1));
  await victim.restart();
});

/** Indexes of the servers in which the stream's consumers live. @throws while whoever answers for them is being elected. */
async function homesOfConsumers({ url }: TestNats): Promise<readonly number[]> {
  const connection = await connect({ servers: [url] });
  try {
    const consumers = await (await jetstreamManager(connection)).consumers.list("LEDGER").next();
    return consumers.map(({ cluster: home }) => Number(home?.leader?.slice(1)) - 1);
  } finally {
    await connection.close();
  }
}

test("a frozen leader that wakes is told no stale end from, and what was sent into it is there once or not at all", async () => {
  const { leader, others } = await leaderAndOthers();
  const atLeader = await openAt([leader.url]);
  const elsewhere = await openAt(others.map(({ url }) => url));
  await cancel(atLeader, "before the freeze");
  leader.freeze();
  const intoTheFrozen = cancel(atLeader, "into the frozen leader");
  await oneMore(elsewhere, "the freeze"); // a new leader was elected
  leader.thaw();
  expect(await atLeader.read(jobStream(jobId("after the freeze")))).toHaveLength(1);
  expect(await reasons(atLeader)).toContain("after the freeze");
  expect(await intoTheFrozen).toMatchObject({ appended: true });
  await expectEachOnce(elsewhere, ["before the freeze", "into the frozen leader", "after the freeze"]);
});

test("one of three servers alone acknowledges nothing, and what had landed is recognised when the others are back", async () => {
  const { leader, others } = await leaderAndOthers();
  const patient = await openAt([leader.url], { limitMs: 60_000 });
  const hasty = await openAt([leader.url], { limitMs: 1_500 });
  await Promise.all(others.map((server) => server.kill9()));
  const unreachable = { code: "LEDGER_UNREACHABLE", retry: "later" };
  await expect(cancel(hasty, "alone")).rejects.toMatchObject(unreachable);
  // The old leader goes on answering; its word for the end counts no longer than it takes to elect another one.
  const reading = () => reasons(hasty).then(String, ({ code }: LedgerFault) => code);
  await expect.poll(reading, { timeout: 10_000 }).toBe("LEDGER_UNREACHABLE");
  await expect(openAt([leader.url], { limitMs: 1_500 })).rejects.toMatchObject(unreachable);
  await Promise.all(others.map((server) => server.restart()));
  const again = await cancel(patient, "alone");
  expect(again).toMatchObject({ appended: true });
  expect((await reasons(patient)).filter((name) => name === "alone")).toHaveLength(1);
  await expect(hasty.read(jobStream(jobId("alone")))).resolves.toHaveLength(1);
});
