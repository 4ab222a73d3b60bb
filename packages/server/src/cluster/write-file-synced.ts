/** A small file that is whole or not there, also after a power failure. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** @param mode of a new file; a key is its owner's alone: 0o600. */
export function writeFileSynced(path: string, text: string, mode = 0o644): void {
  const file = openSync(`${path}.new`, "w", mode);
  writeFileSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
