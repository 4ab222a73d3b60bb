import { expect, test } from "vitest";
import { longestPauseMs, putOffMs, putOffReason } from "./put-off.ts";

test("the pause doubles from five seconds to five minutes and stays there", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(putOffMs)).toEqual([
    5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
  ]);
  expect(putOffMs(5_000)).toBe(longestPauseMs);
  expect(putOffMs(0)).toBe(5_000);
});

test("sites that are away and a disk that is full say nothing about the job; an object that no site has does", () => {
  const codes = [
    "SITE_UNREACHABLE",
    "STORE_FULL",
    "STORE_FAILED",
    "OBJECT_MISSING",
    "OBJECT_DAMAGED",
    "ATTEMPT_BUG",
  ];
  expect(codes.map(putOffReason)).toEqual([
    "input-away",
    "node-unfit",
    "node-unfit",
    undefined,
    undefined,
    undefined,
  ]);
});
