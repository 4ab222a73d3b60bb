import { expect, test } from "vitest";
import { siteOrder, turnAtMs } from "./turns.ts";

const members = ["a", "b", "c"];
const lost = (...entries: readonly (readonly [string, number])[]) => ({
  members,
  lostSinceMs: new Map(entries),
});

test("the home acts when the work is due, the others not while it is alive", () => {
  expect(turnAtMs("a", "k", ["a"], 1_000, lost())).toBe(1_000);
  expect(turnAtMs("b", "k", ["a"], 1_000, lost())).toBe(Infinity);
});

test("exactly one of the others takes over when the home is lost", () => {
  const turns = ["b", "c"].map((own) => turnAtMs(own, "k", ["a"], 1_000, lost(["a", 5_000])));
  expect(turns.toSorted((x, y) => x - y)).toEqual([5_000, Infinity]);
});

test("what is due later than the loss waits until it is due", () => {
  const [next] = siteOrder("k", ["a"], members).slice(1);
  expect(turnAtMs(next!, "k", ["a"], 9_000, lost(["a", 5_000]))).toBe(9_000);
});

test("the last one acts when all before it are lost, from the last loss on", () => {
  const last = siteOrder("k", ["a"], members).at(-1)!;
  const [, second] = siteOrder("k", ["a"], members);
  expect(turnAtMs(last, "k", ["a"], 0, lost(["a", 5_000], [second!, 7_000]))).toBe(7_000);
});

test("a home that beats and does nothing is waited for with patience, longer the further behind one stands", () => {
  const patience = { patienceMs: 60_000 };
  const [, second, third] = siteOrder("k", ["a"], members);
  expect(turnAtMs(second!, "k", ["a"], 1_000, lost(), patience)).toBe(61_000);
  expect(turnAtMs(third!, "k", ["a"], 1_000, lost(), patience)).toBe(121_000);
});

test("the work of one lost site spreads over the others", () => {
  const takers = Array.from({ length: 200 }, (_, index) => siteOrder(`work ${index}`, ["a"], members)[1]);
  const toB = takers.filter((site) => site === "b").length;
  expect(toB).toBeGreaterThan(60);
  expect(toB).toBeLessThan(140);
});

test("a site that never joined comes after all that did", () => {
  expect(turnAtMs("z", "k", ["a"], 1_000, lost(["a", 0]))).toBe(Infinity);
});
