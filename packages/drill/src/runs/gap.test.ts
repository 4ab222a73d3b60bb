import type { LedgerEvent } from "@releve/ledger/events";
import { expect, test } from "vitest";
import { claim, completion, jobCommitAt } from "../invariants/run-evidence.fixture.ts";
import { anyProgress, gapMs } from "./gap.ts";

const arrivals = [
  { atMs: 100, commit: jobCommitAt(1, claim("a1", 1)) },
  { atMs: 900, commit: jobCommitAt(2, claim("a1", 2)) },
  { atMs: 1_500, commit: jobCommitAt(3, completion("b1", 2)) },
];

test("the gap ends with the first event after the fault that shows affected work going on", () => {
  const completed = (event: LedgerEvent) => event.type === "JobCompleted";
  expect(gapMs(arrivals, 500, anyProgress)).toBe(400);
  expect(gapMs(arrivals, 500, completed)).toBe(1_000);
  expect(gapMs(arrivals, 1_600, completed)).toBeNull();
});
