/** Looks at the disk before anything is started on it. */
import { mkdirSync, statfsSync } from "node:fs";
import { Fault } from "@releve/domain/fault";

/** Each role refuses objects below 512 MiB; starting with less would only show that later. */
const minFreeBytes = 1024 ** 3;

/** Makes the folder. @throws Fault DISK_FULL. */
export function checkDisk(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const disk = statfsSync(dataDir);
  const free = disk.bavail * disk.bsize;
  if (free >= minFreeBytes) return;
  const mebi = Math.floor(free / 1024 ** 2);
  throw new Fault(
    "DISK_FULL",
    `only ${mebi} MiB are free where ${dataDir} lies; make room for at least 1024 MiB`,
    "later",
  );
}
