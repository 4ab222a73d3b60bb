/**
 * What the reading commands read: a file of their own beside the data, brought up to date from the running ledger; as it was
 * when the ledger does not answer; or another process's file, looked into.
 */
import { join } from "node:path";
import { Fault } from "@releve/domain/fault";
import type { ReadableLog } from "@releve/ledger/event-log";
import { openLedgerCopy } from "@releve/ledger/jetstream/autonomous-ledger";
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
  const opened = model === undefined ? await ownUpToDate(data) : lookIntoReadModel(model);
  try {
    return await ask(opened);
  } finally {
    opened.close();
  }
}

/** As above, with the other ledgers that `RELEVE_LEDGER_COPIES` names, by their names; none for a `model`. */
export const withAllModels = <Answer>(
  args: ModelArgs,
  ask: (own: ReadModelView, copies: ReadonlyMap<string, ReadModelView>) => Answer,
): Promise<Answer> =>
  withReadModel(args, async (own) => {
    const copies = new Map<string, ReadModel>();
    try {
      if (args.model === undefined) await openCopies(args.data, copies);
      return ask(own, copies);
    } finally {
      for (const copy of copies.values()) copy.close();
    }
  });

async function openCopies(data: string, copies: Map<string, ReadModel>): Promise<void> {
  const { copies: names = [], stream, ...link } = runningLedger(data);
  for (const ledger of names) {
    const open = () => openLedgerCopy({ ...link, ledger, replicas: stream.replicas });
    try {
      copies.set(ledger, await upToDate(data, `releve-copy-${ledger}`, open));
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      process.stderr.write(`${error.message} Its jobs are not listed.\n`);
    }
  }
}

const ownUpToDate = (data: string): Promise<ReadModel> => {
  const ledger = runningLedger(data);
  return upToDate(data, "releve", () => openJetStreamLog(ledger));
};

async function upToDate(data: string, name: string, open: () => Promise<ReadableLog>): Promise<ReadModel> {
  const model = openReadModel({ file: join(data, "read-models", `${name}.sqlite`) });
  try {
    const log = await open();
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
