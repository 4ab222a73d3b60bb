import { expect, test } from "vitest";
import { lostSites, unheardMs, type HeardProcess } from "./lost-sites.ts";

const heard = (site: string, kind: string, isLost: boolean, sinceMs = 5): HeardProcess => ({
  site,
  kind,
  isLost,
  sinceMs,
});

test("a site is lost since its gateway is, whatever its nodes do", () => {
  const lost = lostSites("a", [heard("b", "gateway", true, 7), heard("b", "recon", false)], 0, 100);
  expect([lost.get("b"), lost.has("b")]).toEqual([7, true]);
  expect(lostSites("a", [heard("b", "gateway", false), heard("b", "recon", true)], 0, 100).has("b")).toBe(
    false,
  );
});

test("one gateway of two that beats keeps a site alive", () => {
  const two = [heard("b", "gateway", true), heard("b", "gateway", false)];
  expect(lostSites("a", two, 0, 100).has("b")).toBe(false);
  expect(lostSites("a", two.toReversed(), 0, 100).has("b")).toBe(false);
});

test("a site that was never heard is lost only after a while, our own never", () => {
  expect(lostSites("a", [], 0, unheardMs - 1).has("b")).toBe(false);
  expect(lostSites("a", [], 0, unheardMs + 5).get("b")).toBe(unheardMs);
  expect(lostSites("a", [heard("a", "gateway", true)], 0, unheardMs + 5).has("a")).toBe(false);
});
