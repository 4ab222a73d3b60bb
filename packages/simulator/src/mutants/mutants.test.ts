/** The list cannot rot: every planted bug has its place in the product, exactly one. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pathOf } from "./mutant.ts";
import { mutantsFile } from "./mutants-table.ts";
import { mutants } from "./mutants.ts";

test("there are enough of them, each with its own name and something to learn", () => {
  expect(mutants.length).toBeGreaterThanOrEqual(30);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(mutants.filter(({ lesson }) => lesson.length < 20)).toEqual([]);
});

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  "%s has exactly one place",
  (_, mutant) => {
    const parts = readFileSync(pathOf(mutant), "utf8").split(mutant.text);
    expect(parts).toHaveLength(2);
    expect(mutant.replacement).not.toBe(mutant.text);
  },
);

/** The cells of each bug's row, however the table is laid out. */
const rowsOf = (document: string): string[][] =>
  document
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes(".ts`"))
    .map((line) => line.split("|").map((cell) => cell.trim()));

test("MUTANTS.md lists them, and at least 28 of 30 are caught", () => {
  const rows = rowsOf(readFileSync(mutantsFile, "utf8"));
  const listed = rows.map(([, name, file, lesson]) => [name, file, lesson]);
  expect(listed).toEqual(mutants.map(({ name, file, lesson }) => [name, `\`${file}\``, lesson]));
  const caught = rows.filter(([, , , , by]) => !by!.includes("not caught"));
  expect(caught.length / rows.length).toBeGreaterThanOrEqual(28 / 30);
});
