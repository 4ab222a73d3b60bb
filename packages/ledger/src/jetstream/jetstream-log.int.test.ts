import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { startNats, type TestNats } from "@releve/testkit/nats/nats-server";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  cancelled,
  claimed,
  eventLogContract,
  jobId,
  newEvent,
  take,
  versionOf,
} from "../event-log.contract.ts";
import type { EventLog, Position } from "../event-log.ts";
import { jobStream } from "../streams.ts";
import { openJetStreamLog } from "./jetstream-log.ts";
import { natsServerConfig } from "./server-config.ts";
import { ledgerStreamConfig } from "./stream-config.ts";

const config: Parameters<typeof startNats>[0] = (place) =>
  natsServerConfig({ serverName: "test", host: "127.0.0.1", site: "site-a", ...place });

let shared: TestNats;
let opened = 0;
beforeAll(async () => {
  shared = await startNats(config);
});
afterAll(() => shared[Symbol.asyncDispose]());

const open = (nats: TestNats, limitMs = 15_000): Promise<EventLog> =>
  openJetStreamLog({ servers: [nats.url], name: "test", limitMs });

/** Each test of the contract gets a stream that is empty: the one before is taken away by the test, as no role could. */
eventLogContract("JetStream", async () => {
  if (opened++ > 0) await removeStream(shared);
  return open(shared);
});

async function removeStream(nats: TestNats): Promise<void> {
  const connection = await connect({ servers: nats.url });
  await (await jetstreamManager(connection)).streams.delete("LEDGER");
  await connection.close();
}

async function ownServer(): Promise<TestNats> {
  const nats = await startNats(config);
  onTestFinished(() => nats[Symbol.asyncDispose]());
  return nats;
}

async function ownLog(nats: TestNats, limitMs?: number): Promise<EventLog> {
  const log = await open(nats, limitMs);
  onTestFinished(() => log.close());
  return log;
}

const job = jobId("one");
const stream = jobStream(job);
const cancel = (log: EventLog, name: string) =>
  log.append(jobStream(jobId(name)), [newEvent(name, cancelled(jobId(name), name))], "none");

test("what was acknowledged is there after kill -9, and a subscription goes on without gap or repetition", async () => {
  const nats = await ownServer();
  const log = await ownLog(nats);
  const seen = take(log.subscribe(), 30);
  for (let i = 0; i < 10; i++) await cancel(log, `before ${i}`);
  await nats.kill9();
  const during = Array.from({ length: 10 }, (_, i) => cancel(log, `during ${i}`));
  await nats.restart();
  await Promise.all(during);
  for (let i = 0; i < 10; i++) await cancel(log, `after ${i}`);
  const positions = (await seen).map(({ position }) => position);
  expect(positions).toEqual((await take(log.readAll(), Infinity)).map(({ position }) => position));
  expect(new Set(positions).size).toBe(30);
});

test("a long read goes on over the death of the server, each commit once and in order", async () => {
  const nats = await ownServer();
  const log = await ownLog(nats);
  const names = Array.from({ length: 6_000 }, (_, index) => `many ${index}`);
  const appended = (await Promise.all(names.map((name) => cancel(log, name)))).map(versionOf);
  const read: number[] = [];
  for await (const { position } of log.readAll()) {
    read.push(position);
    if (read.length !== 500) continue;
    await nats.kill9();
    await nats.restart();
  }
  expect(read).toEqual(appended.map(Number).toSorted((a, b) => a - b));
  const later = await take(log.readAll(read[2_999] as Position), Infinity);
  expect(later.map(({ position }) => position)).toEqual(read.slice(3_000));
});

test("a time-out is no failure: an append sent into a frozen server is there once when it thaws", async () => {
  const nats = await ownServer();
  const log = await ownLog(nats);
  const first = versionOf(await log.append(stream, [newEvent("1", claimed(job, 1))], "none"));
  nats.freeze();
  const pending = log.append(stream, [newEvent("2", claimed(job, 2))], first);
  await new Promise((resolve) => setTimeout(resolve, 1_200)); // longer than two request time-outs: that is the case meant
  nats.thaw();
  const outcome = await pending;
  const commits = await log.read(stream);
  expect(commits.map(({ version }) => version)).toEqual([first, versionOf(outcome)]);
});

test("after an append that timed out for good, the same commit again is one commit", async () => {
  const nats = await ownServer();
  const patient = await ownLog(nats);
  const hasty = await ownLog(nats, 600);
  nats.freeze();
  await expect(hasty.append(stream, [newEvent("1", claimed(job, 1))], "none")).rejects.toMatchObject({
    code: "LEDGER_UNREACHABLE",
    retry: "later",
  });
  nats.thaw();
  const again = await patient.append(stream, [newEvent("1", claimed(job, 1))], "none");
  expect((await patient.read(stream)).map(({ version }) => version)).toEqual([versionOf(again)]);
});

test("one's own commit is recognised by its event id when the server has forgotten the message id", async () => {
  const nats = await ownServer();
  const log = await ownLog(nats);
  const first = await cancel(log, "mine");
  await log.append(jobStream(jobId("mine")), [newEvent("next", claimed(jobId("mine"), 1))], versionOf(first));
  const connection = await connect({ servers: nats.url });
  onTestFinished(() => connection.close());
  const manager = await jetstreamManager(connection);
  // A window of 100 ms stands for the two minutes after which the server forgets.
  await manager.streams.update("LEDGER", { duplicate_window: 100_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await cancel(log, "mine")).toEqual(first);
});

test("an unreachable ledger is said within the limit", async () => {
  const nats = await ownServer();
  await nats.stop();
  const opening = openJetStreamLog({ servers: [nats.url], name: "test", connectLimitMs: 500 });
  await expect(opening).rejects.toMatchObject({ code: "LEDGER_UNREACHABLE" });
});

test("a stream whose settings would lose events is refused, and each is named", async () => {
  const nats = await ownServer();
  const connection = await connect({ servers: nats.url });
  onTestFinished(() => connection.close());
  const manager = await jetstreamManager(connection);
  const good = ledgerStreamConfig({ name: "LEDGER", replicas: 1 });
  await manager.streams.add({ ...good, max_age: 3_600_000_000_000, deny_purge: false });
  await expect(open(nats)).rejects.toMatchObject({
    code: "LEDGER_STREAM_DIFFERS",
    message: expect.stringMatching(/max_age: 3600000000000, needed 0; deny_purge/) as string,
  });
});
