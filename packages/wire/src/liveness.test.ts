import { expect, test } from "vitest";
import { suspectsMax, type Heartbeat } from "./heartbeat.ts";
import { answered, reconnected } from "./own-ears.ts";
import { heard } from "./take-beat.ts";
import { judge, suspectsOf } from "./judge-silence.ts";
import { newLiveness, nodesMax, type Judged, type LivenessChange } from "./liveness.ts";

const beat = (sequence: number, more: Partial<Heartbeat> = {}): Heartbeat => ({
  node: "a1",
  site: "site-a",
  incarnation: "first",
  sequence,
  kind: "recon",
  slots: 1,
  busy: 0,
  memoryBytes: null,
  engine: "",
  draining: false,
  suspects: null,
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

test("an observer that goes deaf does not blame who was heard a little earlier than the others", () => {
  let state = heard(newLiveness(0), beat(1), 0).liveness;
  state = heard(state, other(1), 700).liveness;
  const told: string[] = [];
  for (let atMs = 800; atMs <= 1_650; atMs += 50) {
    const judged = judge(state, atMs);
    state = judged.liveness;
    told.push(...judged.changes.map(({ to }) => to));
  }
  expect(told).toEqual(["suspect"]);
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

test("an observer whose every look is late has no word after a look put off, and still finds who is silent", () => {
  let state = heard(newLiveness(0), beat(1), 0).liveness;
  const told: string[] = [];
  const words: (readonly string[] | null)[] = [];
  for (let atMs = 600; atMs <= 4_800; atMs += 600) {
    const judged = judge(answered(state, atMs), atMs);
    state = heard(judged.liveness, other(atMs), atMs).liveness;
    told.push(...of(judged.changes, "a1"));
    words.push(suspectsOf(state, atMs));
  }
  expect(told).toEqual(["suspect", "lost"]);
  expect(words.slice(4)).toEqual([null, ["site-a/a1"], null, ["site-a/a1"]]);
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

/** The observers b1, c1 and d1 beat every 250 ms from 0; from `fromMs` on each says its word on a1. */
function observed(words: readonly (boolean | null)[], untilMs: number, fromMs = 1_000) {
  const names = ["b1", "c1", "d1"].slice(0, words.length);
  const saying = (word: boolean | null, atMs: number) =>
    word === null ? null : word && atMs >= fromMs ? ["site-a/a1"] : [];
  const steps = Array.from({ length: untilMs / 250 + 1 }, (_, index) => ({
    atMs: index * 250,
    beats: names.map((node, at) =>
      beat(index, { node, site: "site-b", suspects: saying(words[at]!, index * 250) }),
    ),
  }));
  const changes = observe({ atMs: 0, beats: [beat(1)] }, ...steps);
  return changes.find(({ node, to }) => node === "a1" && to === "lost")?.silentMs;
}

test.each<[string, readonly (boolean | null)[], number]>([
  ["agrees: lost at the next look", [true], 1_250],
  ["has no word: lost after the time for a second word", [null], 1_500],
  ["still hears it: lost at the bound of a dispute", [false], 10_000],
  ["agree against one that hears it", [true, true, false], 1_250],
  ["differ, as many as there are here on each side: a dispute", [true, false, false], 10_000],
  ["have no word but for one that agrees", [null, true], 1_250],
])("other observers %s", (_, words, silentMs) => {
  expect(observed(words, 11_000)).toBe(silentMs);
});

test("the word of an observer whose main loop is late does not count", () => {
  const late = (index: number) => beat(index, { node: "c1", suspects: [], loopLagMs: 600 });
  const steps = Array.from({ length: 9 }, (_, index) => ({
    atMs: index * 250,
    beats: [other(index), late(index)],
  }));
  const lost = observe({ atMs: 0, beats: [beat(0)] }, ...steps).find(({ to }) => to === "lost");
  expect(lost).toMatchObject({ node: "a1", silentMs: 1_500 });
});

test("two that fall silent at once do not vouch for each other for long", () => {
  const hearing = (node: string) => beat(0, { node, suspects: [] });
  const steps = Array.from({ length: 9 }, (_, index) => ({ atMs: index * 250, beats: [other(index)] }));
  const changes = observe({ atMs: 0, beats: [hearing("c1"), hearing("c2")] }, ...steps);
  expect(changes.filter(({ to }) => to === "lost").map(({ silentMs }) => silentMs)).toEqual([1_500, 1_500]);
});

test("an observer never declares itself lost, and its own word is no second one", () => {
  const own = beat(1, { suspects: ["site-b/b1"] });
  let state = heard(newLiveness(0, "site-a/a1"), own, 0).liveness;
  state = heard(state, other(1), 0).liveness;
  const lost: string[] = [];
  for (let atMs = 250; atMs <= 3_000; atMs += 250) {
    state = answered(state, atMs);
    const judged = judge(state, atMs);
    state = judged.liveness;
    lost.push(...judged.changes.flatMap(({ node, to }) => (to === "lost" ? `${node} at ${atMs}` : [])));
  }
  expect(lost).toEqual(["b1 at 1500"]);
});

test("the server's answers tell the only node's death from deafness", () => {
  let state = heard(newLiveness(0), beat(1), 0).liveness;
  const told: string[] = [];
  for (let atMs = 250; atMs <= 2_000; atMs += 250) {
    state = answered(state, atMs);
    const judged = judge(state, atMs);
    state = judged.liveness;
    told.push(...judged.changes.map(({ to }) => to));
  }
  expect(told).toEqual(["suspect", "lost"]);
});

test("an observer's word: whom it finds silent, and none while it distrusts its ears", () => {
  let state = heard(newLiveness(0), beat(1), 0).liveness;
  expect(suspectsOf(state, 500)).toBeNull();
  for (let atMs = 250; atMs <= 1_500; atMs += 250)
    state = judge(heard(state, other(atMs), atMs).liveness, atMs).liveness;
  expect(suspectsOf(state, 1_500)).toEqual(["site-a/a1"]);
  expect(suspectsOf(reconnected(state, 1_600), 1_700)).toBeNull();
  expect(suspectsOf(state, 3_000)).toBeNull();
});

test("a word names no more suspects than a beat may hold", () => {
  let state = newLiveness(0);
  for (let i = 0; i < 100; i++) state = heard(state, beat(1, { node: `n${i}` }), 0).liveness;
  for (let atMs = 250; atMs <= 1_250; atMs += 250) state = judge(answered(state, atMs), atMs).liveness;
  expect(suspectsOf(state, 1_250)).toHaveLength(suspectsMax);
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

test("a process that says that it leaves is neither suspect nor lost afterwards; an older start's word is late", () => {
  const changes = observe(
    { atMs: 0, beats: [beat(1), other(0)] },
    { atMs: 250, beats: [beat(2, { leaving: true }), other(1)] },
    ...others(500, 3_000),
  );
  expect(of(changes, "a1")).toEqual(["alive"]);
  let state = heard(newLiveness(0), beat(5), 0).liveness;
  state = heard(state, beat(4, { leaving: true }), 1).liveness;
  state = heard(state, beat(9, { leaving: true, incarnation: "before" }), 1).liveness;
  expect(state.nodes.size).toBe(1);
});

test("a lost node that beats again is alive again", () => {
  const lost = observe({ atMs: 0, beats: [beat(1), other(0)] }, ...others(250, 2_000), {
    atMs: 2_100,
    beats: [beat(2), other(9_999)],
  });
  expect(of(lost, "a1")).toEqual(["alive", "suspect", "lost", "alive"]);
});
