/** The folders that objects lie in: made when their first object comes, fsynced for many objects at once. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { groupCommit } from "./group-commit.ts";
import { syncFolder } from "./synced-folder.ts";

export type PrefixFolders = {
  /** Resolves when the folder is there and durable in its parent. */
  readonly make: (folder: string) => Promise<void>;
  /** Resolves after an fsync that began after the call. */
  readonly sync: (folder: string) => Promise<void>;
};

export function prefixFolders(): PrefixFolders {
  const made = new Map<string, Promise<void>>();
  const syncs = new Map<string, () => Promise<void>>();
  return {
    make: (folder) => {
      const making = made.get(folder) ?? makeDurable(folder);
      made.set(folder, making);
      return making.catch((error: unknown) => {
        made.delete(folder);
        throw error;
      });
    },
    sync: (folder) => {
      const sync = syncs.get(folder) ?? groupCommit(() => syncFolder(folder));
      syncs.set(folder, sync);
      return sync();
    },
  };
}

/** The parent is fsynced also where the folder was there: whoever made it may have died before. */
async function makeDurable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await syncFolder(dirname(folder));
}
