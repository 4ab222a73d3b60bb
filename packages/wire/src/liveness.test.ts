import { expect, test } from "vitest";
import type { Heartbeat } from "./heartbeat.ts";
import { heard, judge, newLiveness, reconnected, type Judged, type LivenessChange } from "./liveness.ts";

const beat = (sequence: number, more: Partial<Heartbeat> = {}): Heartbeat => ({
  node: "a1",
  site: "site-a",
  incarnation: "first",
  sequence,
  slots: 1,
  busy: 0,
  loopLagMs: 0,
  progress: {},
  ...more,
});
const other = (sequence: number) => beat(sequence, { node: "b1", site: "site-b", incarnation: "other" });

type Step = { readonly atMs: number; readonly beats?: readonly Heartbeat[]; readonly reconnected?: boolean };

/** Beats and looks in their order; every change that was told. */
function observe(...steps: readonly Step[]): LivenessChange[] {
  let state = newLiveness(0);
  const changes: LivenessChange[] = [];
  const take = (judged: Judged) => {
    state = judged.liveness;
    changes.push(...judged.changes);
  };
  for (const { atMs, beats = [], reconnected: again } of steps) {
    if (again) state = reconnected(state, atMs);
    for (const one of beats) take(heard(state, one, atMs));
    take(judge(state, atMs));
  }
  return changes;
}

/** The other node beats every 250 ms, so that silence is the first one's and not the observer's. */
const others = (fromMs: number, toMs: number): Step[] =>
  Array.from({ length: (toMs - fromMs) / 250 + 1 }, (_, index) => ({
    atMs: fromMs + index * 250,
    beats: [other(fromMs + index)],
  }));

const of = (changes: readonly LivenessChange[], node: string) =>
  changes.filter((change) => change.node === node).map(({ to }) => to);

test("a node that falls silent is suspect after a second and lost half a second later", () => {
  const changes = observe({ atMs: 0, beats: [beat(1), other(0)] }, ...others(250, 2_000));
  expect(of(changes, "a1")).toEqual(["alive", "suspect", "lost"]);
  expect(changes.find(({ to }) => to === "lost")?.silentMs).toBe(1_500);
});

test("one beat in time makes a suspect alive again", () => {
  const changes = observe({ atMs: 0, beats: [beat(1), other(0)] }, ...others(250, 1_250), {
    atMs: 1_300,
    beats: [beat(2), other(99)],
  });
  expect(of(changes, "a1")).toEqual(["alive", "suspect", "alive"]);
});

test("an observer that hears nobody blames nobody", () => {
  const silence = Array.from({ length: 20 }, (_, index) => ({ atMs: 250 * (index + 1) }));
  expect(of(observe({ atMs: 0, beats: [beat(1), other(1)] }, ...silence), "a1")).toEqual(["alive"]);
});

test("an observer that was itself paused does not count its pause against others", () => {
  expect(
    of(
      observe(
        { atMs: 0, beats: [beat(1), other(1)] },
        { atMs: 9_000, beats: [other(2)] },
        { atMs: 9_250, beats: [other(3)] },
      ),
      "a1",
    ),
  ).toEqual(["alive"]);
});

test("silence before a reconnection says nothing", () => {
  const changes = observe(
    { atMs: 0, beats: [beat(1), other(0)] },
    ...others(250, 750),
    { atMs: 900, reconnected: true },
    ...others(1_000, 1_750),
  );
  expect(of(changes, "a1")).toEqual(["alive"]);
});

test("another start of a node makes the one before lost at once", () => {
  const changes = observe(
    { atMs: 0, beats: [beat(1)] },
    { atMs: 250, beats: [beat(1, { incarnation: "second" })] },
  );
  expect(changes.map(({ incarnation, to }) => [incarnation, to])).toEqual([
    ["first", "alive"],
    ["first", "lost"],
    ["second", "alive"],
  ]);
});

test("a late main loop is lagging, a stuck one is lost though it beats", () => {
  const changes = observe(
    { atMs: 0, beats: [beat(1)] },
    { atMs: 250, beats: [beat(2, { loopLagMs: 3_000 })] },
    { atMs: 500, beats: [beat(3, { loopLagMs: 10_000 })] },
  );
  expect(of(changes, "a1")).toEqual(["alive", "lagging", "lost"]);
});
