import { digestOf } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { AdoptionEvent } from "../events/adoption.ts";
import { adoptionDecider, evolveAdoption, type AdoptionCommand, type AdoptionState } from "./adoption.ts";
import { checkTransitions, outcomeOf, type TransitionTable } from "./transitions.fixture.ts";

const report = digestOf("what is missing");
const adopt = (expectedEpoch: number, tail = 90): AdoptionCommand => ({
  type: "adopt",
  expectedEpoch,
  tail,
  remembered: 120,
  report,
});
const event: AdoptionEvent = { type: "LedgerAdopted", epoch: 2, tail: 90, remembered: 120, report };
const original = adoptionDecider.initial;
const adopted = evolveAdoption(original, event);

const table: TransitionTable<AdoptionState, AdoptionCommand> = {
  original: { adopt: "LedgerAdopted" },
  adopted: { adopt: "-" },
};

checkTransitions(adoptionDecider, { states: { original, adopted }, commands: { adopt: adopt(1) }, table });

test.each<[string, AdoptionState, AdoptionCommand, string]>([
  ["a ledger is adopted again under the epoch after", adopted, adopt(2), "LedgerAdopted"],
  ["an adoption that saw an older epoch is refused", adopted, adopt(1, 95), "!STALE_EPOCH"],
  [
    "one that is told long after is refused",
    evolveAdoption(adopted, { ...event, epoch: 3 }),
    adopt(1),
    "!STALE_EPOCH",
  ],
  ["nobody adopts from an epoch that never was", original, adopt(2), "!STALE_EPOCH"],
])("%s", (_, state, command, expected) => {
  expect(outcomeOf(adoptionDecider, state, command)).toBe(expected);
});

test("the first epoch is 1, and an adoption raises it", () => {
  expect(original).toEqual({ status: "original", epoch: 1 });
  expect(adoptionDecider.decide(adopt(1), original)).toEqual([event]);
  expect(adopted).toEqual({ status: "adopted", epoch: 2, tail: 90, remembered: 120, report });
});
