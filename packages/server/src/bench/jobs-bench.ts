/**
 * Jobs that do nothing, through our ledger and through BullMQ, in turn: how long from the hand-in until a handler starts, and
 * how many a second. Both sync every step to disk before they answer, and both take and work in one process. Ours writes
 * three commits a job and keeps them for ever; BullMQ changes a few keys in place.
 */
import { createHash } from "node:crypto";
import { benchRow, type BenchRow } from "./bench-row.ts";
import { bullmqQueue } from "./bullmq-queue.ts";
import type { JobQueue } from "./job-queue.ts";
import { handlers } from "./job-queue.ts";
import { ledgerQueue } from "./ledger-queue.ts";
import { hasRedis } from "./redis-process.ts";

/** Many short turns, so that what else the machine does hits both alike. */
const runs = 20;
const jobsPerRun = 500;
const submitsPerRun = 30;
const peerName = "BullMQ, Redis appendfsync always";

export async function jobsBench(): Promise<BenchRow[]> {
  const ours = await ledgerQueue();
  const peer = hasRedis() ? await bullmqQueue() : undefined;
  try {
    const latency = await inTurn(ours, peer, medianStartMs);
    const rate = await inTurn(ours, peer, jobsPerSecond);
    return [
      benchRow(
        { metric: "durable submit to handler start, p50", unit: "ms", peerName },
        latency.ours,
        latency.peer,
      ),
      benchRow({ metric: `no-op jobs, ${handlers} at once`, unit: "jobs/s", peerName }, rate.ours, rate.peer),
    ];
  } finally {
    await ours.close();
    await peer?.close();
  }
}

type Measure = (queue: JobQueue, run: string) => Promise<number>;

async function inTurn(ours: JobQueue, peer: JobQueue | undefined, measure: Measure) {
  const values: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (let run = 0; run <= runs; run++) {
    const own = await measure(ours, `${measure.name} ${run}`);
    const other = peer && (await measure(peer, `${measure.name} ${run}`));
    if (run === 0) continue; // warms both up
    values.ours.push(own);
    if (other !== undefined) values.peer.push(other);
  }
  return values;
}

/** 64 hexadecimal digits: a name that every queue takes. */
const nameOf = (run: string, index: number) => createHash("sha256").update(`${run} ${index}`).digest("hex");

async function medianStartMs(queue: JobQueue, run: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < submitsPerRun; index++) {
    const started = Promise.withResolvers<number>();
    const done = Promise.withResolvers<void>();
    queue.onStart = () => started.resolve(performance.now());
    queue.onDone = () => done.resolve();
    const submittedMs = performance.now();
    await queue.submit(nameOf(run, index));
    times.push((await started.promise) - submittedMs);
    await done.promise;
  }
  return times.toSorted((a, b) => a - b)[submitsPerRun >> 1]!;
}

async function jobsPerSecond(queue: JobQueue, run: string): Promise<number> {
  const all = Promise.withResolvers<void>();
  let left = jobsPerRun;
  queue.onStart = () => {};
  queue.onDone = () => {
    left -= 1;
    if (left === 0) all.resolve();
  };
  const startedMs = performance.now();
  let next = 0;
  const submitter = async () => {
    while (next < jobsPerRun) await queue.submit(nameOf(run, next++));
  };
  await Promise.all(Array.from({ length: handlers }, submitter));
  await all.promise;
  return (1000 * jobsPerRun) / (performance.now() - startedMs);
}
