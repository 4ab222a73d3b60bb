import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sequence } from "@releve/store/journal-entry";
import { expect, onTestFinished, test } from "vitest";
import { fileCheckpoint } from "./checkpoint.ts";

function temporaryFile(): string {
  const dir = mkdtempSync(join(tmpdir(), "checkpoint-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, "published");
}

test("what was noted under one epoch says nothing under another", async () => {
  const checkpoint = fileCheckpoint(temporaryFile());
  expect(await checkpoint.read(1)).toBeUndefined();
  await checkpoint.write(1, 42 as Sequence);
  expect(await checkpoint.read(1)).toBe(42);
  expect(await checkpoint.read(2)).toBeUndefined();
  await checkpoint.write(2, 7 as Sequence);
  expect([await checkpoint.read(2), await checkpoint.read(1)]).toEqual([7, undefined]);
});

test("a note without an epoch is of the first one, and a torn one is none", async () => {
  const file = temporaryFile();
  writeFileSync(file, "17");
  expect([await fileCheckpoint(file).read(1), await fileCheckpoint(file).read(2)]).toEqual([17, undefined]);
  writeFileSync(file, "1 ");
  expect(await fileCheckpoint(file).read(1)).toBeUndefined();
});
