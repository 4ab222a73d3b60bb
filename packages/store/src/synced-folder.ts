/** Names in a folder survive a power cut only after the folder itself was fsynced. */
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and every parent that lacks, each durable in its own parent. */
export async function makeSyncedFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; ; at = dirname(at)) {
    await syncFolder(dirname(at));
    if (at === first || at === dirname(at)) return;
  }
}
