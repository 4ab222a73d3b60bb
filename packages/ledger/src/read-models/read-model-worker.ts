/** The thread that writes batches of rows while the main one reads and checks what comes next. See hand-over.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { doNotSync, openFile } from "./model-file.ts";
import type { RowBatch } from "./row-batch.ts";
import { rowWriter } from "./row-writer.ts";

export type WorkerAnswer = { readonly written: boolean } | { readonly failed: string };

const db = openFile(workerData as string);
doNotSync(db);
const writer = rowWriter(db);
const answerOf = (batch: RowBatch): WorkerAnswer => {
  try {
    return { written: writer.write(batch) };
  } catch (error) {
    return { failed: String(error) };
  }
};

parentPort?.on("message", (batch: RowBatch | "end") => {
  if (batch !== "end") return parentPort?.postMessage(answerOf(batch));
  db.close();
  parentPort?.close();
});
