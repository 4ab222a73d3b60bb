import { expect, test } from "vitest";
import { heartbeatSchema } from "./heartbeat.ts";
import { heard } from "./take-beat.ts";
import { newLiveness } from "./liveness.ts";
import { secondOpinion } from "./second-opinion.ts";

/** What a1 in site-a makes of b1, from the words of others: their site, and whether they do not hear b1. */
function opinionOf(...words: readonly [site: string, isSilent: boolean][]) {
  const liveness = words.reduce(
    (state, [site, isSilent], at) => {
      const suspects = isSilent ? ["site-b/b1"] : [];
      const node = `${site}-${at}`;
      const beat = heartbeatSchema.parse({
        node,
        site,
        suspects,
        incarnation: node,
        sequence: 1,
        slots: 1,
        busy: 0,
        loopLagMs: 0,
        progress: {},
      });
      return heard(state, beat, 0).liveness;
    },
    newLiveness(0, "site-a/a1"),
  );
  return secondOpinion(liveness, "site-b/b1", 0);
}

test.each<[string, readonly [string, boolean][], string]>([
  ["nobody else", [], "unknown"],
  ["one beside it agrees", [["site-a", true]], "agrees"],
  ["one beside it hears b1", [["site-a", false]], "disagrees"],
  ["another site agrees", [["site-c", true]], "agrees"],
  [
    "three behind the same line agree, one at a site between hears b1",
    [
      ["site-a", true],
      ["site-a", true],
      ["site-a", true],
      ["site-c", false],
    ],
    "disagrees",
  ],
  [
    "most at each of two sites agree, b1's neighbour hears it",
    [
      ["site-c", true],
      ["site-c", true],
      ["site-c", false],
      ["site-b", false],
    ],
    "agrees",
  ],
])("%s", (_, words, opinion) => {
  expect(opinionOf(...words)).toBe(opinion);
});
