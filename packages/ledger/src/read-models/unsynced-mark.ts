/**
 * A long replay does not wait for the disk, because the ledger holds it all. So that a power cut in the middle is noticed, a
 * mark lies beside the file until what was written is synced: found after another start of the machine, the file is no good.
 * A process that was killed loses nothing, because the system keeps what it had written.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const markOf = (file: string): string => `${file}-unsynced`;

/** Differs after each start of the machine; empty where the system does not tell, and then nothing is trusted. */
function startOfMachine(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

export function markUnsynced(file: string): void {
  writeFileSync(markOf(file), startOfMachine());
  sync(markOf(file));
  sync(dirname(file));
}

/** Syncs what was written, and takes the mark away. */
export function syncAndUnmark(file: string): void {
  for (const part of [file, `${file}-wal`]) if (existsSync(part)) sync(part);
  rmSync(markOf(file), { force: true });
}

/** Whether the machine stopped while the file was not synced. A mark of this start of the machine is dealt with. */
export function wasCutOff(file: string): boolean {
  if (!existsSync(markOf(file))) return false;
  const marked = readFileSync(markOf(file), "utf8");
  if (marked === "" || marked !== startOfMachine()) return true;
  syncAndUnmark(file);
  return false;
}

function sync(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
