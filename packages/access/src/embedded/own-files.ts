/** Files of the embedded identity provider: readable by their owner alone, and never half-written. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** @returns undefined when there is no such file. @throws what reading or JSON throws else. */
export function readOwn(file: string): unknown {
  const content = readOwnText(file);
  return content === undefined ? undefined : (JSON.parse(content) as unknown);
}

export function readOwnText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export const writeOwn = (file: string, content: unknown): void =>
  writeOwnText(file, JSON.stringify(content, undefined, 2));

export function writeOwnText(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
