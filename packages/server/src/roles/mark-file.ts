/** Where each process remembers the newest event that it knows; `releve ledger adopt` looks there. */
import { join } from "node:path";

export const marksDir = "marks";

/** @param process such as `gateway:site-a`. */
export const markFileOf = (dataDir: string, process: string): string =>
  join(dataDir, marksDir, `${process.replaceAll(/[^A-Za-z0-9]+/g, "-")}.json`);
