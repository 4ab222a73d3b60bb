import { expect, test } from "vitest";
import { groupCommit } from "./group-commit.ts";

test("callers during a run share the next run, never the one that began before them", async () => {
  const ends: (() => void)[] = [];
  let runs = 0;
  const commit = groupCommit(() => {
    runs += 1;
    return new Promise((resolve) => ends.push(resolve));
  });
  const first = commit();
  const second = commit();
  const third = commit();
  expect(second).toBe(third);
  expect(runs).toBe(1);
  ends[0]!();
  await first;
  await Promise.resolve();
  expect(runs).toBe(2);
  ends[1]!();
  await Promise.all([second, third]);
  expect(runs).toBe(2);
});

test("a failed run fails its callers and does not stop the next one", async () => {
  let runs = 0;
  const commit = groupCommit(async () => {
    runs += 1;
    if (runs === 1) throw new Error("no");
  });
  const first = commit();
  const second = commit();
  await expect(first).rejects.toThrow("no");
  await expect(second).resolves.toBeUndefined();
});
