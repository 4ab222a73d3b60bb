import type { ModelQueries } from "@releve/ledger/read-models/model-queries";
import { expect, test } from "vitest";
import type { LiveNode } from "./api-context.ts";
import { waitForRoom } from "./room.ts";

const node = (name: string, more: Partial<LiveNode> = {}): LiveNode => ({
  node: name,
  site: "site-a",
  status: "alive",
  slots: 1,
  busy: 1,
  loopLagMs: 0,
  progress: {},
  ...more,
});

/** A model with so many jobs, and these moments at which the latest ones were completed, the newest first. */
const model = (waiting: number, running: number, endsMs: readonly number[] = []) =>
  ({
    counts: () => ({ waiting, running, completed: endsMs.length }),
    views: () => endsMs.map((endedAtMs) => ({ endedAtMs })),
  }) as unknown as Pick<ModelQueries, "counts" | "views">;

test("a study waits for room when a hundred routine jobs wait for each slot, and says for how long", () => {
  expect(waitForRoom(model(199, 2), [node("a1"), node("a2")], 100_000)).toBeNull();
  expect(waitForRoom(model(200, 2), [node("a1"), node("a2")], 100_000)).toEqual({ forecastMs: null });
  // Four jobs within 40 s: 10 s each; 200 of the 202 open ones are ahead of a free slot, and one more.
  const ends = [90_000, 80_000, 70_000, 60_000];
  expect(waitForRoom(model(200, 2, ends), [node("a1"), node("a2")], 100_000)).toEqual({
    forecastMs: 2_010_000,
  });
});

test("nodes that are lost or drain give no room", () => {
  const more = [node("a2", { status: "lost" }), node("a3", { draining: true })];
  expect(waitForRoom(model(100, 1), [node("a1"), node("a2"), node("a3")], 0)).toBeNull();
  expect(waitForRoom(model(100, 1), [node("a1"), ...more], 0)).not.toBeNull();
});

test("an empty cluster lets in, also before any node was heard", () => {
  expect(waitForRoom(model(0, 0), [], 0)).toBeNull();
});
