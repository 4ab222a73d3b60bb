import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { LiveNode } from "../api-context.ts";
import { choosePlaces, placeKey, placeNow } from "./choose-places.ts";

const aNode = (key: string, sessions: Partial<NonNullable<LiveNode["sessions"]>> = {}): LiveNode => {
  const [site, node] = key.split("/") as [string, string];
  return {
    site,
    node,
    status: "alive",
    slots: 1,
    busy: 0,
    loopLagMs: 0,
    progress: {},
    sessions: { url: `ws://127.0.0.1:1/${node}`, held: 0, most: 2, freeBytes: 1_000, ...sessions },
  };
};
const [a1, a2, b1] = [aNode("site-a/a1"), aNode("site-a/a2"), aNode("site-b/b1")];

/** Host and standby, or the code of the Refusal. */
function chosen(nodes: readonly LiveNode[], without: readonly string[] = [], needBytes = 500): string {
  const places = choosePlaces({ nodes, site: "site-a", needBytes, without: new Set(without) });
  if (isRefusal(places)) return places.refused;
  return `${placeKey(places.host)} ${places.standby ? placeKey(places.standby) : "none"}`;
}

test.each<[string, string, string]>([
  ["the site's own, and a standby at another", chosen([b1, a2, a1]), "site-a/a1 site-b/b1"],
  ["fewer sessions first", chosen([aNode("site-a/a1", { held: 1 }), a2]), "site-a/a2 site-a/a1"],
  ["one node alone has no standby", chosen([a1]), "site-a/a1 none"],
  [
    "another site's, where the own has no place",
    chosen([aNode("site-a/a1", { held: 2 }), b1]),
    "site-b/b1 none",
  ],
  ["no room for the volume", chosen([a1, b1], [], 2_000), "SATURATED"],
  ["not one that failed just now", chosen([a1, a2, b1], ["site-a/a1"]), "site-a/a2 site-b/b1"],
  ["not one that drains", chosen([{ ...a1, draining: true }, b1]), "site-b/b1 none"],
  ["not one that is suspect", chosen([{ ...a1, status: "suspect" }, b1]), "site-b/b1 none"],
  ["nobody", chosen([]), "SATURATED"],
])("%s", (_, places, expected) => {
  expect(places).toBe(expected);
});

test("an older node takes no sessions, and a lost one is nowhere", () => {
  const { sessions: _, ...older } = a1;
  expect(chosen([older])).toBe("SATURATED");
  expect(placeNow([older], a1)).toBeUndefined();
  expect(placeNow([{ ...a1, status: "lost" }], a1)).toBeUndefined();
  expect(placeNow([{ ...a1, status: "lagging" }], a1)?.url).toBe(a1.sessions!.url);
});
