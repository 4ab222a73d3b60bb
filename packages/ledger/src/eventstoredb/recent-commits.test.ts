import { expect, test } from "vitest";
import { commitsMax, recentCommits } from "./recent-commits.ts";

const outcome = { appended: true, version: 1 as never, position: 1 as never } as const;

test("it remembers the last commits and forgets older ones", () => {
  const recent = recentCommits();
  for (let number = 0; number <= commitsMax; number++) recent.remember("a", `${number}`, outcome);
  expect(recent.earlier("a", "0")).toBeUndefined();
  expect(recent.earlier("a", "1")).toBe(outcome);
  expect(recent.earlier("a", `${commitsMax}`)).toBe(outcome);
});

test("an id of another stream is a fault", () => {
  const recent = recentCommits();
  recent.remember("a", "1", outcome);
  expect(() => recent.earlier("b", "1")).toThrow("used in another stream");
});
