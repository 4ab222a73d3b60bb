/** How far the ledger knows the intake journal: one small file, replaced atomically. It may lag behind, never run ahead. */
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Sequence } from "@releve/store/journal-entry";

export type Checkpoint = {
  readonly read: () => Promise<Sequence | undefined>;
  /** Durable when it resolves. */
  readonly write: (sequence: Sequence) => Promise<void>;
};

export function fileCheckpoint(path: string): Checkpoint {
  return {
    read: async () => {
      const text = await readFile(path, "utf8").catch(absent);
      const sequence = text === undefined ? Number.NaN : Number(text);
      return Number.isSafeInteger(sequence) ? (sequence as Sequence) : undefined;
    },
    write: async (sequence) => {
      const file = await open(`${path}.new`, "w");
      await file.writeFile(String(sequence));
      await file.sync();
      await file.close();
      await rename(`${path}.new`, path);
      const folder = await open(dirname(path), "r");
      await folder.sync();
      await folder.close();
    },
  };
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
