/** An intake over a temporary folder, and phantom objects to send to it. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import type { DataSet } from "@releve/testkit/phantom/part10";
import { openIntake, type Intake, type IntakeOptions } from "./open-intake.ts";
import type { Arrival } from "./receive-object.ts";

export type TemporaryIntake = {
  readonly intake: Intake;
  readonly dir: string;
  /** Names of everything below the folder, without the index's own files. */
  readonly files: () => string[];
  readonly close: () => Promise<void>;
};

export async function temporaryIntake(options: Partial<IntakeOptions> = {}): Promise<TemporaryIntake> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "intake-"));
  const intake = await openIntake({ minFreeBytes: 0, nowMs: () => 1_600_000_000_000, ...options, dir });
  return {
    intake,
    dir,
    files: () =>
      (readdirSync(dir, { recursive: true }) as string[]).filter((name) => !name.includes("sqlite")),
    close: async () => {
      await intake.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** One slice of the phantom CT; undefined leaves an attribute out. */
export function phantomSlice(attributes: DataSet = {}, index = 0): Uint8Array {
  return ctPhantom({ slices: index + 1, columns: 16, rows: 16, attributes })[index]!.bytes;
}

export async function* inChunks(bytes: Uint8Array, size = 700): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export function arrivalOf(bytes: Uint8Array, more: Partial<Arrival> = {}): Arrival {
  return { chunks: inChunks(bytes), announced: {}, door: "stow", ...more };
}
