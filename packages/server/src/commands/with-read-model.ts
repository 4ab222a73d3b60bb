/**
 * What the reading commands read: a file of their own beside the data, brought up to date from the running ledger; as it was
 * when the ledger does not answer; or another process's file, looked into.
 */
import { join } from "node:path";
import { Fault } from "@releve/domain/fault";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import {
  lookIntoReadModel,
  openReadModel,
  type ReadModel,
  type ReadModelView,
} from "@releve/ledger/read-models/open-read-model";
import { runningLedger } from "./open-running.ts";

export type ModelArgs = {
  readonly data: string;
  /** Of a read model, such as an API's; the ledger is then not asked. */
  readonly model?: string | undefined;
};

/** @throws Fault NOT_RUNNING; LedgerFault LEDGER_READ_MODEL_FAILED, or why the ledger cannot be read. */
export async function withReadModel<Answer>(
  { data, model }: ModelArgs,
  ask: (model: ReadModelView) => Promise<Answer> | Answer,
): Promise<Answer> {
  const opened = model === undefined ? await upToDate(data) : lookIntoReadModel(model);
  try {
    return await ask(opened);
  } finally {
    opened.close();
  }
}

async function upToDate(data: string): Promise<ReadModel> {
  const ledger = runningLedger(data);
  const model = openReadModel({ file: join(data, "read-models", "releve.sqlite") });
  try {
    const log = await openJetStreamLog(ledger);
    try {
      await catchUpReadModel(log, model);
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.retry === "never" || model.checkpoint().commits === 0) {
      model.close();
      throw error;
    }
    process.stderr.write(`${error.message} This is what was known of it before.\n`);
  }
  return model;
}
