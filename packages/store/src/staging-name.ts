/** Names of half-written files: they say who writes them, so that only a dead process's leftovers are swept. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, "_");
/** Process ids come round again, in containers at once: this tells one life of a process from the next. */
const incarnation = randomBytes(6).toString("hex");
let count = 0;

export function stagingName(): string {
  count += 1;
  return `${host}.${process.pid}.${incarnation}.${count}`;
}

/** True when nobody can still be writing the file. Another host's file is left alone until it is a day old. */
export function isLeftover(name: string, ageMs: number): boolean {
  const [ofHost, pid, ofIncarnation] = name.split(".");
  if (ofHost !== host) return ageMs > 24 * 3600 * 1000;
  if (Number(pid) === process.pid) return ofIncarnation !== incarnation;
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
