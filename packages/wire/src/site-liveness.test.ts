import { expect, test } from "vitest";
import type { Heartbeat } from "./heartbeat.ts";
import type { Liveness, LivenessStatus } from "./liveness.ts";
import { newLiveness } from "./liveness.ts";
import { sitesOf } from "./site-liveness.ts";

function livenessOf(...processes: readonly (readonly [string, LivenessStatus, number])[]): Liveness {
  const nodes = processes.map(([key, status, lastBeatMs]) => {
    const [site, node] = key.split("/") as [string, string];
    return [key, { status, lastBeatMs, sinceMs: lastBeatMs, beat: { site, node } as Heartbeat }] as const;
  });
  return { ...newLiveness(0), nodes: new Map(nodes) };
}

test("a site is lost when each of its processes is, and has been silent since the last of them", () => {
  const liveness = livenessOf(
    ["site-a/a1", "lost", 1_000],
    ["site-a/gateway", "lost", 1_200],
    ["site-b/b1", "lost", 1_000],
    ["site-b/gateway", "suspect", 1_100],
    ["site-c/c1", "alive", 4_900],
    ["site-c/c2", "lost", 0],
  );
  expect([...sitesOf(liveness, 5_000)]).toEqual([
    ["site-a", { status: "lost", silentMs: 3_800 }],
    ["site-b", { status: "alive", silentMs: 3_900 }],
    ["site-c", { status: "alive", silentMs: 100 }],
  ]);
});
