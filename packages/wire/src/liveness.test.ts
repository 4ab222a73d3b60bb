import { expect, test } from "vitest";
import type { Heartbeat } from "./heartbeat.ts";
import {
  heard,
  judge,
  newLiveness,
  nodesMax,
  reconnected,
  type Judged,
  type LivenessChange,
  type SecondOpinion,
} from "./liveness.ts";

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

test.each<[SecondOpinion, string[]]>([
  ["agrees", ["suspect", "lost"]],
  ["disagrees", ["suspect"]],
  ["unknown", ["suspect"]],
])("a second observer that %s decides what a suspect of a quarter of a second is", (opinion, expected) => {
  let state = heard(heard(newLiveness(0), beat(1), 0).liveness, other(1), 0).liveness;
  const told: string[] = [];
  for (const atMs of [250, 500, 750, 1_000, 1_250]) {
    state = heard(state, other(1 + atMs), atMs).liveness;
    const judged = judge(state, atMs, () => opinion);
    state = judged.liveness;
    told.push(...of(judged.changes, "a1"));
  }
  expect(told).toEqual(expected);
});

test("a beat that comes twice or late does not make a node look alive", () => {
  const first = heard(newLiveness(0), beat(5), 0).liveness;
  expect(heard(first, beat(5), 900)).toEqual({ liveness: first, changes: [] });
  expect(heard(first, beat(4), 900)).toEqual({ liveness: first, changes: [] });
});

test("no more nodes are followed than the limit", () => {
  let state = newLiveness(0);
  for (let i = 0; i <= nodesMax; i++) state = heard(state, beat(1, { node: `n${i}` }), 0).liveness;
  expect(state.nodes.size).toBe(nodesMax);
});

test("a lost node that beats again is alive again", () => {
  const lost = observe({ atMs: 0, beats: [beat(1), other(0)] }, ...others(250, 2_000), {
    atMs: 2_100,
    beats: [beat(2), other(9_999)],
  });
  expect(of(lost, "a1")).toEqual(["alive", "suspect", "lost", "alive"]);
});
