/**
 * Appends per second through our log and through the plain JetStream client, in turn, on the same stream, with the same
 * bytes, message ids and expectations. Ours also checks and encodes each event. Every acknowledged append is synced to disk.
 */
import { randomUUID } from "node:crypto";
import { DeliverPolicy, jetstream, type JetStreamClient } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { JobId, NodeId, SiteId, Uuid } from "@releve/domain/ids";
import type { NewEvent } from "@releve/ledger/envelope";
import { encodeCommit } from "@releve/ledger/event-codec";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream, openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream, subjectOf } from "@releve/ledger/streams";
import { startNats } from "@releve/testkit/nats/nats-server";
import { startNatsCluster } from "@releve/testkit/nats/nats-cluster";
import { benchRow, type BenchRow } from "./bench-row.ts";

const peerName = "@nats-io/jetstream";
const inFlights = [1, 64] as const;
const readingRuns = 3;

export async function ledgerBench(): Promise<BenchRow[]> {
  return [...(await benchOn(1)), ...(await benchOn(3))];
}

async function benchOn(replicas: 1 | 3): Promise<BenchRow[]> {
  const nats = replicas === 1 ? await startNats() : await startNatsCluster(replicas);
  const servers = "urls" in nats ? nats.urls : [nats.url];
  const name = "bench";
  const log = await openJetStreamLog({
    servers,
    name,
    stream: { ...ledgerStream, replicas },
    limitMs: 60_000,
  });
  const connection = await connect({ servers: [...servers], name });
  try {
    const client = jetstream(connection);
    const raw = rawAppend(client);
    const rows: BenchRow[] = [];
    for (const inFlight of inFlights) rows.push(await appendRow(ourAppend(log), raw, replicas, inFlight));
    rows.push(await readingRow(log, client, replicas));
    return rows;
  } finally {
    await connection.close();
    await log.close();
    await nats[Symbol.asyncDispose]();
  }
}

type Append = (job: JobId) => Promise<void>;

const ourAppend =
  (log: EventLog): Append =>
  async (job) => {
    const { appended } = await log.append(jobStream(job), [claimOf(job)], "none");
    if (!appended) throw new Error("an append to a new stream was refused");
  };

const rawAppend =
  (client: JetStreamClient): Append =>
  async (job) => {
    const event = claimOf(job);
    const stream = jobStream(job);
    const expect = { streamName: ledgerStream.name, lastSubjectSequence: 0 };
    await client.publish(subjectOf(stream), encodeCommit(stream, [event]), { msgID: event.eventId, expect });
  };

const claimOf = (job: JobId): NewEvent => ({
  eventId: randomUUID() as Uuid,
  context: { atMs: 1_700_000_000_000, site: "site-a", actor: "node:a1" },
  event: {
    type: "JobClaimed",
    job,
    node: "a1" as NodeId,
    site: "site-a" as SiteId,
    attempt: 1,
    epoch: 1,
    aheadMs: 0,
  },
});

async function appendRow(ours: Append, raw: Append, replicas: number, inFlight: number): Promise<BenchRow> {
  // Short turns, each first in every other: what else the machine does hits both alike.
  const { appends, runs } = inFlight === 1 ? { appends: 100, runs: 40 } : { appends: 2_000, runs: 9 };
  const own: number[] = [];
  const peer: number[] = [];
  const measure = {
    ours: async () => own.push(await perSecond(appends, inFlight, ours)),
    raw: async () => peer.push(await perSecond(appends, inFlight, raw)),
  };
  await perSecond(appends, inFlight, ours);
  await perSecond(appends, inFlight, raw);
  for (let run = 0; run < runs; run++) {
    const turns = run % 2 === 0 ? [measure.ours, measure.raw] : [measure.raw, measure.ours];
    for (const turn of turns) await turn();
  }
  const metric = `appends, R${replicas}, ${inFlight} in flight, synced`;
  return benchRow({ metric, unit: "1/s", peerName }, own, peer);
}

/** Keeps `inFlight` calls on their way until `total` are done. */
async function perSecond(total: number, inFlight: number, append: Append): Promise<number> {
  let left = total;
  const startedMs = performance.now();
  const worker = async () => {
    while (left-- > 0) await append(randomUUID() as string as JobId);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (1000 * total) / (performance.now() - startedMs);
}

/** Ours checks and decodes every event; the peer only takes the messages from an ordered consumer. */
async function readingRow(log: EventLog, client: JetStreamClient, replicas: number): Promise<BenchRow> {
  const own: number[] = [];
  const peer: number[] = [];
  for (let run = 0; run < readingRuns; run++) {
    const startedMs = performance.now();
    let commits = 0;
    for await (const _ of log.readAll()) commits++;
    own.push((1000 * commits) / (performance.now() - startedMs));
    peer.push(await rawReadsPerSecond(client, commits));
  }
  return benchRow({ metric: `commits read, R${replicas}`, unit: "1/s", peerName }, own, peer);
}

async function rawReadsPerSecond(client: JetStreamClient, total: number): Promise<number> {
  const startedMs = performance.now();
  const consumer = await client.consumers.get(ledgerStream.name, { deliver_policy: DeliverPolicy.All });
  const messages = await consumer.consume({ max_messages: 2_048 });
  let left = total;
  for await (const _ of messages) if (--left === 0) break;
  return (1000 * total) / (performance.now() - startedMs);
}
