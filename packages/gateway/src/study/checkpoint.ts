/**
 * How far the ledger knows the intake journal: one small file, replaced atomically. It may lag behind, never run ahead, so it
 * holds for one epoch of the ledger only: after an adoption everything is told again, and what is known appends nothing.
 */
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFault } from "@releve/store/faults";
import type { Sequence } from "@releve/store/journal-entry";

export type Checkpoint = {
  /** Undefined: tell from the beginning. */
  readonly read: (epoch: number) => Promise<Sequence | undefined>;
  /** Durable when it resolves. @throws StoreFault such as STORE_FULL: the file is then as it was. */
  readonly write: (epoch: number, sequence: Sequence) => Promise<void>;
};

export function fileCheckpoint(path: string): Checkpoint {
  return {
    read: async (epoch) => {
      const text = await readFile(path, "utf8").catch(absent);
      const [, of = "1", sequence = ""] = /^(?:(\d+) )?(\d+)$/.exec(text ?? "") ?? [];
      return sequence !== "" && Number(of) === epoch ? (Number(sequence) as Sequence) : undefined;
    },
    write: async (epoch, sequence) => {
      try {
        await replace(path, `${epoch} ${sequence}`);
      } catch (error) {
        throw diskFault(error, "noting what the ledger knows");
      }
    },
  };
}

async function replace(path: string, text: string): Promise<void> {
  {
    await using file = await open(`${path}.new`, "w");
    await file.writeFile(text);
    await file.sync();
  }
  await rename(`${path}.new`, path);
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
