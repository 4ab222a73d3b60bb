import { expect, test } from "vitest";
import { median, resultsTable } from "./results-table.ts";
import { resultOf } from "./run-result.fixture.ts";

test("a row has the median and the longest gap and time, and all violations of its fault", () => {
  const violation = { invariant: "replay", sentence: "x" };
  const runs = [
    resultOf({ run: 1, gapMs: 1_000 }),
    resultOf({ run: 2, gapMs: 3_000, tookMs: 70_000, violations: [violation] }),
    resultOf({ run: 3, gapMs: null, violations: [violation, violation] }),
  ];
  const [, , row] = resultsTable(runs, []).split("\n");
  expect(row!.split("|").map((cell) => cell.trim())).toEqual([
    "",
    "kill-node",
    "3",
    "2.0",
    "3.0",
    "0.1",
    "20.0",
    "70.0",
    "12",
    "0",
    "3",
    "",
  ]);
});

test("what could not be run is said with its reason", () => {
  expect(resultsTable([], [{ fault: "power-cut", why: "it takes root" }])).toContain(
    "| power-cut | not run: it takes root |",
  );
});

test.each([
  [[], undefined],
  [[4], 4],
  [[9, 1, 5], 5],
  [[1, 2, 3, 10], 2.5],
])("the median of %j is %j", (numbers, expected) => {
  expect(median(numbers)).toBe(expected);
});
