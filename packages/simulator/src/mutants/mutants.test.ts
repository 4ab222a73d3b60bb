/** The list cannot rot: every planted bug has its place in the product, exactly one. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pathOf } from "./mutant.ts";
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
