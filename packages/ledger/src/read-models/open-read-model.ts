/**
 * A read model: one SQLite file a process, made from the ledger alone and thrown away without regret. A file that another
 * version of the code made, that belongs to another epoch, or that is damaged is built anew, which `onRebuild` is told.
 */
import { DatabaseSync } from "node:sqlite";
import type { Digest } from "@releve/domain/ids";
import { LedgerFault } from "../faults.ts";
import { commitWriter, type CommitWriter } from "./commit-writer.ts";
import { handOver, type HandOver } from "./hand-over.ts";
import { createTables, deleteFile, inMemory, isDamage, openFile, reasonToRebuild } from "./model-file.ts";
import { modelQueries, type ModelQueries } from "./model-queries.ts";
import type { Checkpoint } from "./row-batch.ts";
import { checkpointOf } from "./row-writer.ts";
import { wasCutOff } from "./unsynced-mark.ts";
import { digestOfRows } from "./read-model-digest.ts";

export type ReadModelOptions = {
  /** Without one it lives in memory. */
  readonly file?: string;
  /** Told why the file is built anew; not when it did not exist. */
  readonly onRebuild?: (why: string) => void;
};

export type ReadModel = {
  readonly checkpoint: () => Checkpoint;
  /** See `CommitWriter.write`. */
  readonly write: CommitWriter["write"];
  /** For a long replay: writes in another thread. Undefined for a model in memory. Nothing else may write until it has ended. */
  readonly handOver: (epoch: number) => HandOver | undefined;
  /** Answers from the rows as they are. A damaged file is emptied to be filled again, and the answer is that of the empty one. */
  readonly ask: <Answer>(question: (queries: ModelQueries) => Answer) => Answer;
  /** Of all rows: equal for any two models of the same ledger. */
  readonly digest: () => Digest;
  /** Empties it. */
  readonly rebuild: (why: string) => void;
  readonly close: () => void;
};

type Opened = { readonly db: DatabaseSync; readonly writer: CommitWriter; readonly queries: ModelQueries };

/** @throws LedgerFault LEDGER_READ_MODEL_FAILED when the file can be neither used nor replaced. */
export function openReadModel({ file = inMemory, onRebuild = () => {} }: ReadModelOptions = {}): ReadModel {
  let opened = asFault(() => open(file, onRebuild));

  const rebuild = (why: string): void => {
    onRebuild(why);
    opened.db.close();
    deleteFile(file);
    opened = open(file, onRebuild);
  };
  const mending = <Answer>(ask: (now: Opened) => Answer): Answer =>
    asFault(() => {
      try {
        return ask(opened);
      } catch (error) {
        if (!isDamage(error)) throw error;
        rebuild(`it is damaged: ${String(error)}`);
        return ask(opened);
      }
    });

  return {
    checkpoint: () => mending(({ db }) => checkpointOf(db)),
    write: (commits, epoch, after) => mending(({ writer }) => writer.write(commits, epoch, after)),
    handOver: (epoch) => (file === inMemory ? undefined : handOver(file, opened.writer, epoch)),
    ask: (question) => mending(({ queries }) => question(queries)),
    digest: () => mending(({ db }) => digestOfRows(db)),
    rebuild: (why) => asFault(() => rebuild(why)),
    close: () => opened.db.close(),
  };
}

export type ReadModelView = Pick<ReadModel, "checkpoint" | "ask" | "close">;

/**
 * Looks into another process's file and changes nothing.
 * @throws LedgerFault LEDGER_READ_MODEL_FAILED when there is none, or this version of the code cannot read it.
 */
export function lookIntoReadModel(file: string): ReadModelView {
  return asFault(() => {
    const db = new DatabaseSync(file, { readOnly: true });
    const why = reasonToRebuild(db);
    if (why !== undefined) {
      db.close();
      throw new LedgerFault("LEDGER_READ_MODEL_FAILED", `${file} cannot be looked into: ${why}.`);
    }
    const queries = modelQueries(db);
    return {
      checkpoint: () => asFault(() => checkpointOf(db)),
      ask: (question) => asFault(() => question(queries)),
      close: () => db.close(),
    };
  });
}

function open(file: string, onRebuild: (why: string) => void): Opened {
  const db = usable(file, onRebuild);
  return { db, writer: commitWriter(db), queries: modelQueries(db) };
}

function usable(file: string, onRebuild: (why: string) => void): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    const cutOff = file !== inMemory && wasCutOff(file);
    db = openFile(file);
    const why = cutOff ? "the machine stopped while it was being filled" : reasonToRebuild(db);
    if (why === undefined) return db;
    if (why !== "empty") onRebuild(why);
  } catch (error) {
    if (!isDamage(error)) throw error;
    onRebuild(`it is damaged: ${String(error)}`);
  }
  db?.close();
  deleteFile(file);
  const fresh = openFile(file);
  createTables(fresh);
  return fresh;
}

function asFault<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof Error) || !("errcode" in error)) throw error;
    throw new LedgerFault("LEDGER_READ_MODEL_FAILED", `The read model: ${error.message}.`, error);
  }
}
