/** What lies on this machine of each site: its marks, its intake journal, its object store. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDigest, type Digest } from "@releve/domain/ids";
import { readMark, type LedgerMark } from "@releve/ledger/adoption/ledger-mark";
import { decodeFrames } from "@releve/store/journal-frame";
import type { JournalEntry } from "@releve/store/journal-entry";
import { listSegments } from "@releve/store/journal-segments";
import { marksDir } from "../../roles/mark-file.ts";

export type FoundMark = LedgerMark & { readonly process: string };
export type FoundObject = { readonly digest: Digest; readonly bytes: number };

export type FoundSite = {
  readonly site: string;
  readonly dir: string;
  readonly marks: readonly FoundMark[];
  /** Read without its lock: a gateway that goes on receiving is not disturbed. */
  readonly journal: readonly JournalEntry[];
  readonly objects: readonly FoundObject[];
};

/**
 * Each folder directly below `dataDir` whose processes know the ledger: they left marks. What else lies there, such as the
 * archive that stands for a PACS, tells the ledger nothing. @throws LedgerFault LEDGER_MARK_DAMAGED.
 */
export async function foundSites(dataDir: string): Promise<readonly FoundSite[]> {
  const sites: FoundSite[] = [];
  for (const name of await namesIn(dataDir)) {
    const dir = join(dataDir, name);
    const marks = await marksIn(join(dir, marksDir));
    if (marks.length === 0) continue;
    const journal = await journalIn(join(dir, "journal"));
    sites.push({ site: name, dir, marks, journal, objects: await objectsIn(join(dir, "store", "objects")) });
  }
  return sites;
}

async function marksIn(dir: string): Promise<readonly FoundMark[]> {
  const found: FoundMark[] = [];
  for (const name of (await namesIn(dir)).filter((file) => file.endsWith(".json"))) {
    const mark = await readMark(join(dir, name));
    if (mark) found.push({ ...mark, process: basename(name, ".json") });
  }
  return found;
}

async function journalIn(dir: string): Promise<readonly JournalEntry[]> {
  if ((await namesIn(dir)).length === 0) return [];
  const entries: JournalEntry[] = [];
  for (const { path } of await listSegments(dir))
    for (const { entry } of decodeFrames(await readFile(path)).records) entries.push(entry);
  return entries;
}

async function objectsIn(dir: string): Promise<readonly FoundObject[]> {
  const found: FoundObject[] = [];
  for (const prefix of await namesIn(dir))
    for (const digest of (await namesIn(join(dir, prefix))).filter(isDigest))
      found.push({ digest, bytes: (await stat(join(dir, prefix, digest))).size });
  return found;
}

/** Empty where there is no such folder. */
async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
