import { expect, test } from "vitest";
import { seededRandom } from "./seeded-random.ts";

const draws = (seed: string) => {
  const random = seededRandom(seed);
  return Array.from({ length: 200 }, () => random.integer(3, 9));
};

test("the same seed makes the same choices, another one others", () => {
  expect(draws("kill-node 1")).toEqual(draws("kill-node 1"));
  expect(draws("kill-node 1")).not.toEqual(draws("kill-node 2"));
});

test("each number of the range comes, both ends included, and no other", () => {
  expect(new Set(draws("x"))).toEqual(new Set([3, 4, 5, 6, 7, 8, 9]));
});

test("a shuffle keeps every item once", () => {
  const list = ["a", "b", "c", "d"];
  expect(seededRandom("y").shuffle(list).toSorted()).toEqual(list);
});

test("nothing can be picked from nothing", () => {
  expect(() => seededRandom("z").pick([])).toThrow(RangeError);
});
