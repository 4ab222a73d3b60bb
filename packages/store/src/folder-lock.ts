/**
 * One process writes a journal. SQLite's exclusive lock is an operating-system lock, so it falls with the process, however
 * that dies, and a file left behind by a crash locks nobody out.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreFault } from "./faults.ts";

/** @throws StoreFault `STORE_LOCKED` when another process (or another opening in this one) holds the folder. */
export function lockFolder(dir: string): () => void {
  const db = new DatabaseSync(join(dir, "lock"));
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw new StoreFault("STORE_LOCKED", `another process writes to ${dir}`, error);
  }
  return () => db.close();
}
