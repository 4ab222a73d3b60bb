/**
 * A long replay on two cores: this thread reads, checks and folds; another one writes. Batches are written in order, each only
 * onto the file that it was made for, so the result is the same as with one thread.
 */
import { Worker } from "node:worker_threads";
import type { Commit } from "../event-log.ts";
import { LedgerFault } from "../faults.ts";
import type { CommitWriter } from "./commit-writer.ts";
import { markUnsynced, syncAndUnmark } from "./unsynced-mark.ts";
import type { WorkerAnswer } from "./read-model-worker.ts";

export type HandOver = {
  /**
   * Resolves when the batch is on its way, and waits before that while others are. Its commits are the next after those given
   * before; `whenWritten` is told later. @throws LedgerFault LEDGER_READ_MODEL_FAILED when one could not be written.
   */
  readonly give: (commits: readonly Commit[], whenWritten?: () => void) => Promise<void>;
  /** Resolves when all is written and the thread is gone. @throws as `give`. */
  readonly end: () => Promise<void>;
};

/** One being written, one waiting: more would only take memory. */
const underWayMax = 2;

/** Nobody else may write to the model until `end`. */
export function handOver(file: string, writer: CommitWriter, epoch: number): HandOver {
  markUnsynced(file);
  const worker = new Worker(new URL("./read-model-worker.ts", import.meta.url), { workerData: file });
  // Not by `once` of node:events, which rejects for a thread that failed; that one has gone as well.
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const state: { failed?: string } = {};
  const underWay: (() => void)[] = [];
  let answered = Promise.withResolvers<void>();
  const next = (): void => {
    answered.resolve();
    answered = Promise.withResolvers();
  };
  worker.on("message", (answer: WorkerAnswer) => {
    const whenWritten = underWay.shift();
    if ("failed" in answer) state.failed ??= answer.failed;
    else if (!answer.written) state.failed ??= "another process wrote into the file";
    else {
      writer.written();
      whenWritten?.();
    }
    next();
  });
  worker.on("error", (error) => {
    state.failed ??= String(error);
    next();
  });
  const mayWait = (count: number): boolean => underWay.length > count && state.failed === undefined;
  const atMost = async (count: number): Promise<void> => {
    while (mayWait(count)) await answered.promise;
    if (state.failed === undefined) return;
    throw new LedgerFault("LEDGER_READ_MODEL_FAILED", `The read model cannot be written: ${state.failed}.`);
  };

  return {
    give: async (commits, whenWritten = () => {}) => {
      await atMost(underWayMax - 1);
      const batch = writer.prepare(commits, epoch);
      underWay.push(whenWritten);
      worker.postMessage(batch, [batch.bodies.buffer, batch.commits.buffer]);
    },
    end: async () => {
      try {
        await atMost(0);
      } finally {
        worker.postMessage("end");
        await gone;
        syncAndUnmark(file);
        writer.takeBack();
      }
    },
  };
}
