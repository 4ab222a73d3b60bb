/**
 * Keeps a read model up to date with the log: what is missing at first, in large transactions, then each commit as it comes.
 * An outage of the ledger is waited for. A model that was made from another ledger, or from this one before it was adopted
 * under a new epoch, is built anew.
 */
import { systemClock, type Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { onAbort } from "@releve/domain/on-abort";
import type { Commit, Position, ReadableLog } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import type { HandOver } from "./hand-over.ts";
import type { ReadModel } from "./open-read-model.ts";

export type FollowOptions = {
  /** Told of each transaction, after it. */
  readonly onWritten?: (commits: readonly Commit[]) => void;
  /** Told once the model has reached what was the log's end when the following began. */
  readonly onCaughtUp?: () => void;
  /** Told of each outage: it is tried again. */
  readonly onFault?: (fault: Fault) => void;
  readonly batchCommits?: number;
  /** After so many commits a replay is a long one, and is written by another thread. */
  readonly longAfterCommits?: number;
  readonly clock?: Clock;
};

/**
 * How it ended. `epoch-changed`: the ledger was adopted while the log was open, so the log must be opened again, and the
 * model followed with that one.
 */
export type FollowEnd = "stopped" | "epoch-changed";

const retryPauseMs = 1_000;
/** So many that a transaction's own cost does not count, so few that whoever asks in between waits some 30 ms. */
const defaultBatchCommits = 1_000;
/** Fewer are written before a thread has started. */
const defaultLongAfterCommits = 5_000;
/** Larger transactions write a page that several commits change once. */
const longBatchCommits = 20_000;

/** @throws Fault that no waiting mends: of the log, when it was closed. */
export async function followReadModel(
  log: ReadableLog,
  model: ReadModel,
  signal: AbortSignal,
  options: FollowOptions = {},
): Promise<FollowEnd> {
  const clock = options.clock ?? systemClock;
  while (!signal.aborted) {
    try {
      await requireSameLedger(log, model);
      if (await catchUp(log, model, signal, options)) {
        if (signal.aborted) break;
        options.onCaughtUp?.();
        const end = await followLive(log, model, signal, options);
        if (end) return end;
      }
      await clock.wait(retryPauseMs, signal); // the model lost its rows: once more from where it is now
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      options.onFault?.(error);
      await clock.wait(retryPauseMs, signal);
    }
  }
  return "stopped";
}

/** A file that is damaged again while it is being filled lies on a disk that no rebuild mends. */
const catchUpTriesMax = 3;

/** Brings the model to the log's present end. @throws Fault of the log or of the file. */
export async function catchUpReadModel(
  log: ReadableLog,
  model: ReadModel,
  options: FollowOptions = {},
): Promise<void> {
  await requireSameLedger(log, model);
  for (let tries = 0; tries < catchUpTriesMax; tries++)
    if (await catchUp(log, model, new AbortController().signal, options)) return;
  throw new LedgerFault("LEDGER_READ_MODEL_FAILED", "The read model loses what is written to it.");
}

async function requireSameLedger(log: ReadableLog, model: ReadModel): Promise<void> {
  const { epoch, position } = model.checkpoint();
  if (position === undefined) return;
  if (epoch !== log.epoch) {
    model.rebuild(`it was made under epoch ${epoch}, and the ledger has epoch ${log.epoch}`);
    return;
  }
  const last = model.ask((queries) => queries.events({ limit: 1 })).at(0);
  if (!last) return;
  const there = (await log.read(last.stream)).find((commit) => commit.position === position);
  const known = there?.events.at(-1)?.eventId ?? there?.unread?.at(-1)?.json;
  if (known !== (last.unread === null ? last.eventId : last.json))
    model.rebuild("its last event is not in the ledger, which must be another one");
}

/** @returns false when the model lost rows meanwhile (its file was damaged and emptied): what was read does not fit it. */
async function catchUp(
  log: ReadableLog,
  model: ReadModel,
  signal: AbortSignal,
  options: FollowOptions,
): Promise<boolean> {
  const {
    onWritten,
    batchCommits = defaultBatchCommits,
    longAfterCommits = defaultLongAfterCommits,
  } = options;
  let after = model.checkpoint().position;
  let read = 0;
  let batch: Commit[] = [];
  let long: HandOver | undefined;
  const write = async (): Promise<boolean> => {
    const last = batch.at(-1);
    if (!last) return true;
    if (!long && read >= longAfterCommits) long = model.handOver(log.epoch);
    const written = batch;
    if (long) await long.give(written, () => onWritten?.(written));
    else if (model.write(written, log.epoch, after)) onWritten?.(written);
    else return false;
    after = last.position;
    batch = [];
    return true;
  };
  try {
    for await (const commit of log.readAll(after)) {
      if (signal.aborted) break;
      batch.push(commit);
      read++;
      if (batch.length >= (long ? longBatchCommits : batchCommits) && !(await write())) return false;
    }
    return await write();
  } finally {
    await long?.end();
  }
}

/** @returns undefined when the model lost rows meanwhile, or the subscription ended by itself: catch up and go on. */
async function followLive(
  log: ReadableLog,
  model: ReadModel,
  signal: AbortSignal,
  { onWritten, batchCommits = defaultBatchCommits }: FollowOptions,
): Promise<FollowEnd | undefined> {
  let after: Position | undefined = model.checkpoint().position;
  const subscription = log.subscribe(after);
  onAbort(signal, subscription.stop);
  try {
    for await (const batch of inBatches(subscription, batchCommits)) {
      if (!model.write(batch, log.epoch, after)) return undefined;
      after = batch.at(-1)!.position;
      onWritten?.(batch);
      if (batch.some((commit) => beginsOtherEpoch(commit, log.epoch))) return "epoch-changed";
    }
    return signal.aborted ? "stopped" : undefined;
  } finally {
    subscription.stop();
  }
}

const beginsOtherEpoch = (commit: Commit, epoch: number): boolean =>
  commit.stream.kind === "ledger" &&
  commit.events.some(({ event }) => event.type === "LedgerAdopted" && event.epoch !== epoch);

/** What has come already goes together: one by one while it is quiet, many at once after an outage. */
async function* inBatches(commits: AsyncIterable<Commit>, most: number): AsyncGenerator<readonly Commit[]> {
  const iterator = commits[Symbol.asyncIterator]();
  let next = iterator.next();
  for (;;) {
    const first = await next;
    if (first.done) return;
    const batch = [first.value];
    next = iterator.next();
    while (batch.length < most) {
      const ready = await Promise.race([next, turn()]);
      if (ready === undefined || ready.done) break;
      batch.push(ready.value);
      next = iterator.next();
    }
    yield batch;
  }
}

const turn = (): Promise<undefined> => new Promise((resolve) => setImmediate(() => resolve(undefined)));
