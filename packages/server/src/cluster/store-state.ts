/**
 * Whether a ledger server's store is the one that this server left, or was put back from a backup. A marker inside the store
 * travels with every copy of it; what is known of the marker lies beside the store: its generation, and the inode and time of
 * change that the file system gave it, which no copy keeps. A volume that was rolled back to a moment of the same generation
 * cannot be told apart in this way: the marks that the roles keep are there for that.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileSynced } from "./write-file-synced.ts";

export type StoreState = "new" | "own" | "restored";

const markerIn = (dir: string) => join(dir, "data", "releve-generation");
const knownIn = (dir: string) => join(dir, "generation.json");

type Known = { readonly generation: number; readonly inode: string; readonly changedNs: string };

/** `dir` holds the store as `data`. */
export function storeStateOf(dir: string): StoreState {
  const known = knownOf(dir);
  if (!existsSync(join(dir, "data"))) return "new";
  if (!known) return existsSync(join(dir, "data", "jetstream")) ? "restored" : "new";
  const marker = markerOf(dir);
  // One more inside than outside: the last start ended between the two writes.
  if (marker?.generation === known.generation + 1) return "own";
  const same =
    marker?.generation === known.generation &&
    marker.inode === known.inode &&
    marker.changedNs === known.changedNs;
  return same ? "own" : "restored";
}

/** To be called before each start of the server: the next generation, inside first. */
export function markStore(dir: string): void {
  mkdirSync(join(dir, "data"), { recursive: true });
  const generation = Math.max(knownOf(dir)?.generation ?? 0, markerOf(dir)?.generation ?? 0) + 1;
  writeFileSynced(markerIn(dir), String(generation));
  writeFileSynced(knownIn(dir), JSON.stringify(markerOf(dir)));
}

/** The store goes out of the way, and is kept. @returns where it lies now. */
export function moveStoreAside(dir: string, nowMs: number): string {
  const aside = join(dir, `data-put-aside-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-")}`);
  renameSync(join(dir, "data"), aside);
  return aside;
}

function markerOf(dir: string): Known | undefined {
  const path = markerIn(dir);
  const generation = Number(textIfThere(path));
  if (!Number.isInteger(generation) || generation < 1) return undefined;
  const { ino, ctimeNs } = statSync(path, { bigint: true });
  return { generation, inode: String(ino), changedNs: String(ctimeNs) };
}

function knownOf(dir: string): Known | undefined {
  const text = textIfThere(knownIn(dir));
  return text === undefined ? undefined : (JSON.parse(text) as Known);
}

function textIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
