import { expect, test } from "vitest";
import { benchRow, median } from "./bench-row.ts";

test("the median of an even count lies between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test("a row without its peer says so, and has no ratio", () => {
  const what = { metric: "objects stored", unit: "1/s", peerName: "storescp" };
  expect(benchRow(what, [10], [])).toMatchObject({ ours: 10, peer: null, ratio: null });
  expect(benchRow(what, [10, 20, 30], [40])).toMatchObject({ ours: 20, peer: 40, ratio: 0.5, runs: 3 });
});
