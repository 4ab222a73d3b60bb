/**
 * A million events from a nats-server into a new read model, beside the same messages read by the bare client and thrown
 * away; and a restart from the file at its checkpoint, until the ledger's end is reached. The ledger is filled without a sync of
 * each write, which changes nothing of how it is read.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "@releve/domain/clock";
import { encodeCommit } from "@releve/ledger/event-codec";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import { hospitalDays } from "@releve/ledger/read-models/hospital-days.fixture";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { subjectOf } from "@releve/ledger/streams";
import { startNats, type NatsConfigText } from "@releve/testkit/nats/nats-server";
import { benchRow, type BenchRow } from "./bench-row.ts";

const events = 1_000_000;
const runs = 3;
const peerName = "@nats-io/jetstream, messages read and thrown away,";

const fillConfig: NatsConfigText = ({ port, storeDirectory, portsDirectory }) =>
  [
    `listen: "127.0.0.1:${port}"`,
    `ports_file_dir: ${JSON.stringify(portsDirectory)}`,
    `max_payload: 8388608`,
    `jetstream { store_dir: ${JSON.stringify(storeDirectory)} }`,
  ].join("\n");

export async function replayBench(): Promise<BenchRow[]> {
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  const nats = await startNats(fillConfig);
  const log = await openJetStreamLog({ servers: [nats.url], name: "bench" });
  const connection = await connect({ servers: [nats.url] });
  try {
    const filled = await fill(connection);
    process.stdout.write(`${filled.events} events in ${filled.commits} commits, ${filled.mebi} MiB\n`);
    return await measured(log, connection, filled.commits, join(dir, "model.sqlite"));
  } finally {
    await connection.close();
    await log.close();
    await nats[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  }
}

/** One in so many is waited for, so that the server is never behind by more. */
const windowMessages = 4_000;
const landsWithinMs = 60_000;

async function fill(connection: NatsConnection) {
  const client = jetstream(connection);
  let commits = 0;
  let count = 0;
  let bytes = 0;
  for (const { stream, events: told } of hospitalDays(events)) {
    const data = encodeCommit(stream, told);
    commits++;
    count += told.length;
    bytes += data.length;
    if (commits % windowMessages === 0)
      await client.publish(subjectOf(stream), data, { timeout: landsWithinMs });
    else connection.publish(subjectOf(stream), data);
  }
  const manager = await jetstreamManager(connection);
  const untilMs = systemClock.nowMs() + landsWithinMs;
  while ((await manager.streams.info(ledgerStream.name)).state.messages < commits) {
    if (systemClock.nowMs() > untilMs) throw new Error("the ledger lost messages while it was filled");
    await systemClock.wait(100);
  }
  return { commits, events: count, mebi: Math.round(bytes / 1024 ** 2) };
}

async function measured(
  log: EventLog,
  connection: NatsConnection,
  commits: number,
  file: string,
): Promise<BenchRow[]> {
  const [ours, peer, restarts] = [[], [], []] as [number[], number[], number[]];
  for (let run = 0; run < runs; run++) {
    await Promise.all(["", "-wal", "-shm"].map((suffix) => rm(`${file}${suffix}`, { force: true })));
    peer.push(await secondsOf(() => readRaw(connection, commits)));
    ours.push(await secondsOf(() => bringUpToDate(log, file, commits)));
    restarts.push(1_000 * (await secondsOf(() => bringUpToDate(log, file, commits))));
  }
  const metric = `${events} events into a new read model`;
  const none = { peerName: "a peer", withoutPeer: "is not measured" };
  return [
    benchRow({ metric, unit: "s", peerName }, ours, peer),
    benchRow(
      { metric: "opened at its checkpoint, and the ledger's end reached", unit: "ms", ...none },
      restarts,
      [],
    ),
  ];
}

async function bringUpToDate(log: EventLog, file: string, commits: number): Promise<void> {
  const model = openReadModel({ file });
  try {
    await catchUpReadModel(log, model);
    if (model.checkpoint().commits !== commits)
      throw new Error("the read model did not reach the ledger's end");
  } finally {
    model.close();
  }
}

async function readRaw(connection: NatsConnection, commits: number): Promise<void> {
  const consumer = await jetstream(connection).consumers.get(ledgerStream.name, {});
  const messages = await consumer.consume({ max_messages: 5_000 });
  let left = commits;
  for await (const _ of messages) if (--left === 0) break;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}
