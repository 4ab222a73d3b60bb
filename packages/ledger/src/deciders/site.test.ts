import type { SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { SiteEvent } from "../events/site.ts";
import { evolveSite, siteDecider, type SiteCommand, type SiteState } from "./site.ts";
import { checkTransitions, outcomeOf, type TransitionTable } from "./transitions.fixture.ts";

const [site, other] = ["site-a" as SiteId, "site-b" as SiteId];
const facts = { site, mode: "member", safety: "safe-2" } as const;
const joined: SiteEvent = { type: "SiteJoined", ...facts };
const lost: SiteEvent = { type: "SiteLost", site, by: other, silentMs: 1_500 };

const after = (...events: readonly SiteEvent[]): SiteState =>
  events.reduce<SiteState>(evolveSite, siteDecider.initial);
const states = {
  none: after(),
  present: after(joined),
  lost: after(joined, lost),
  left: after(joined, { type: "SiteLeft", site }),
};

const table: TransitionTable<SiteState, SiteCommand> = {
  none: { join: "SiteJoined", lose: "!SITE_UNKNOWN", return: "!SITE_UNKNOWN", leave: "!SITE_UNKNOWN" },
  present: { join: "-", lose: "SiteLost", return: "-", leave: "SiteLeft" },
  lost: { join: "SiteJoined", lose: "-", return: "SiteReturned", leave: "SiteLeft" },
  left: { join: "SiteJoined", lose: "-", return: "!SITE_LEFT", leave: "-" },
};

checkTransitions(siteDecider, {
  states,
  commands: {
    join: { type: "join", ...facts },
    lose: { type: "lose", by: other, silentMs: 2_000 },
    return: { type: "return" },
    leave: { type: "leave" },
  },
  table,
});

test("a changed mode or safety policy is a new join", () => {
  const join: SiteCommand = { type: "join", ...facts };
  expect(outcomeOf(siteDecider, states.present, { ...join, safety: "local" })).toBe("SiteJoined");
  expect(outcomeOf(siteDecider, states.present, { ...join, mode: "autonomous" })).toBe("SiteJoined");
});

test("no site observes its own loss", () => {
  expect(outcomeOf(siteDecider, states.present, { type: "lose", by: site, silentMs: 1 })).toBe("!OWN_SITE");
});

test("a lost site keeps its mode and policy, and names who saw it", () => {
  expect(states.lost).toEqual({ status: "lost", ...facts, by: other, silentMs: 1_500 });
  expect(after(joined, lost, { type: "SiteReturned", site })).toEqual(states.present);
});
