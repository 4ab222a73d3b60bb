import type { NodeId, SiteId } from "@releve/domain/ids";
import type { Heartbeat } from "@releve/wire/heartbeat";
import { answered } from "@releve/wire/own-ears";
import { heard } from "@releve/wire/take-beat";
import { judge } from "@releve/wire/judge-silence";
import { newLiveness } from "@releve/wire/liveness";
import { expect, test } from "vitest";
import { aliveNodes, hearsItself, isHeardElsewhere, unheard } from "./heard-nodes.ts";

const beat = (node: string, sequence: number, more: Partial<Heartbeat> = {}): Heartbeat => ({
  node,
  site: "site-a",
  kind: "recon",
  incarnation: `${node} now`,
  sequence,
  slots: 2,
  busy: 1,
  memoryBytes: 100,
  engine: "webasm",
  draining: false,
  loopLagMs: 0,
  progress: {},
  suspects: null,
  ...more,
});

/** a1 observes and is heard all the time; `others` beat until `untilMs` only. */
function observed(nowMs: number, others: readonly Heartbeat[] = [], untilMs = nowMs) {
  let state = newLiveness(0, "site-a/a1");
  for (let atMs = 0; atMs <= nowMs; atMs += 250) {
    state = answered(heard(state, beat("a1", atMs), atMs).liveness, atMs);
    for (const one of atMs <= untilMs ? others : [])
      state = heard(state, { ...one, sequence: atMs }, atMs).liveness;
    state = judge(state, atMs).liveness;
  }
  return state;
}

const start = (node: string, incarnation = `${node} now`) => ({
  node: node as NodeId,
  site: "site-a" as SiteId,
  incarnation,
});

test("gateways and drained nodes offer no slot", () => {
  const gateway = beat("gateway", 0, { kind: "gateway", slots: 0 });
  const offers = aliveNodes(observed(1_000, [gateway, beat("a2", 0), beat("a3", 0, { draining: true })]));
  expect(offers.map(({ node, freeSlots }) => [node, freeSlots])).toEqual([
    ["a1", 1],
    ["a2", 1],
    ["a3", 0],
  ]);
});

test("a holder that was never heard is lost once the observer has listened for long enough", () => {
  expect(unheard([start("gone")], observed(14_750), 14_750)).toEqual([]);
  expect(unheard([start("gone")], observed(15_000), 15_000)).toEqual([start("gone")]);
});

test("a holder that is heard is not lost; an earlier start of it is", () => {
  const liveness = observed(20_000, [beat("a2", 0)]);
  expect(unheard([start("a2")], liveness, 20_000)).toEqual([]);
  expect(unheard([start("a2", "a2 before")], liveness, 20_000)).toEqual([start("a2", "a2 before")]);
});

test("a holder that was given up once and is still silent is given up again, unless others hear it", () => {
  const silent = observed(20_000, [beat("a2", 0)], 4_000);
  expect(unheard([start("a2")], silent, 20_000)).toEqual([start("a2")]);
  const hearing = heard(silent, beat("b1", 1, { site: "site-b", suspects: [] }), 20_000).liveness;
  expect(unheard([start("a2")], hearing, 20_000)).toEqual([]);
});

test("a node hears itself while its beats come back", () => {
  const liveness = observed(1_000);
  expect(hearsItself(liveness, 3_999)).toBe(true);
  expect(hearsItself(liveness, 4_000)).toBe(false);
  expect(hearsItself(newLiveness(0, "site-a/a1"), 0)).toBe(false);
});

test("another site's word makes a silent start heard, and no other start of it", () => {
  const silent = observed(20_000, [beat("a2", 0)], 4_000);
  const hearing = heard(silent, beat("b1", 1, { site: "site-b", suspects: [] }), 20_000).liveness;
  expect(isHeardElsewhere(silent, start("a2"), 20_000)).toBe(false);
  expect(isHeardElsewhere(hearing, start("a2"), 20_000)).toBe(true);
  expect(isHeardElsewhere(hearing, start("a2", "a2 before"), 20_000)).toBe(false);
});
