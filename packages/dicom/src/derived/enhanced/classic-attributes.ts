/**
 * A multi-frame source read as if it were a classic one: facts that an Enhanced object states in functional groups, and
 * those that a Legacy Converted object keeps as unassigned ones, under the keywords of the classic IODs. Only what the
 * source states is translated.
 */
import type { Attributes } from "../../data-set/attributes.ts";
import { enhancedCtFacts } from "./enhanced-ct.ts";
import { enhancedMrFacts } from "./enhanced-mr.ts";
import { functionalGroups } from "./functional-groups.ts";

export type Facts = Readonly<Record<string, readonly (string | number)[] | undefined>>;

const enhancedCt = new Set(["1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"]);
const enhancedMr = new Set(["1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.4"]);
const enhancedPet = new Set(["1.2.840.10008.5.1.4.1.1.130", "1.2.840.10008.5.1.4.1.1.128.1"]);

export function classicAttributes(source: Attributes, sopClassUid: string): Attributes {
  const groups = functionalGroups(source);
  if (enhancedCt.has(sopClassUid)) return overlaid(enhancedCtFacts(groups), groups);
  if (enhancedMr.has(sopClassUid)) return overlaid(enhancedMrFacts(groups), groups);
  if (enhancedPet.has(sopClassUid)) return overlaid({}, groups);
  return source;
}

/** The facts first, then the data sets in their order. */
function overlaid(facts: Facts, groups: Attributes): Attributes {
  const stated = (keyword: string) => (facts[keyword]?.length ? facts[keyword] : undefined);
  const strings = (keyword: string) => stated(keyword)?.map(String) ?? groups.strings(keyword);
  const numbers = (keyword: string) => stated(keyword)?.map(Number) ?? groups.numbers(keyword);
  return {
    ...groups,
    has: (keyword) => stated(keyword) !== undefined || groups.has(keyword),
    strings,
    string: (keyword) => strings(keyword)[0],
    numbers,
    number: (keyword) => numbers(keyword).find(Number.isFinite),
  };
}
