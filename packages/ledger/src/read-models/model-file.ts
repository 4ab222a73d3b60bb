/** The file of a read model: opened, looked at, made anew. Nothing in it is worth more than the time to build it again. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { modelVersion, tables } from "./schema.ts";

export const inMemory = ":memory:";

/** Another process may be writing: it is waited for so long. */
const busyMs = 5_000;
/** 64 MiB of pages in memory, so that the indexes of a large ledger need no disk while it is replayed. */
const cacheKibi = 64 * 1024;

/**
 * In WAL mode with `synchronous = NORMAL` a power cut takes back the last transactions at most, rows and checkpoint together,
 * and never damages the file; what is taken back is read from the ledger again.
 */
const settings = `
PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKibi}; PRAGMA temp_store = MEMORY;
PRAGMA wal_autocheckpoint = 2000;`;

export function openFile(file: string): DatabaseSync {
  if (file !== inMemory) mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: busyMs });
  try {
    db.exec(settings);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What this connection writes is not synced: only under a mark, see unsynced-mark.ts. */
export function doNotSync(db: DatabaseSync): void {
  db.exec("PRAGMA synchronous = OFF");
}

/** @returns what stands in the way of using the file as it is; undefined: nothing. `empty`: it is new. */
export function reasonToRebuild(db: DatabaseSync): string | undefined {
  const known = db.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'progress'").get();
  if (known?.["count"] !== 1) return "empty";
  const row = db.prepare("SELECT version FROM progress").get();
  return row?.["version"] === modelVersion ? undefined : "it was made by another version of the code";
}

/** The epoch is 0 until the first commit says whose it is. */
export function createTables(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec(tables);
  db.prepare("INSERT INTO progress VALUES (1, ?, 0, 0, 0, 0, 0)").run(modelVersion);
  db.exec("COMMIT");
}

export function deleteFile(file: string): void {
  if (file === inMemory) return;
  for (const suffix of ["", "-wal", "-shm", "-unsynced"]) rmSync(`${file}${suffix}`, { force: true });
}

const corrupt = 11;
const noDatabase = 26;

/** Whether the error says that the file is no good: a rebuild mends that, but not a disk that is full. */
export function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true; // a view in it is no JSON
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === corrupt || code === noDatabase;
}
