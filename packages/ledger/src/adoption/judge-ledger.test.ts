import type { Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { Position } from "../event-log.ts";
import { judgeLedger, type Judgement } from "./judge-ledger.ts";
import type { LedgerMark } from "./ledger-mark.ts";

const known = "6f1c1f63-4c55-5f0c-9b6e-5b1f0f6f0001" as Uuid;
const other = "6f1c1f63-4c55-5f0c-9b6e-5b1f0f6f0002" as Uuid;
const mark: LedgerMark = { epoch: 2, position: 70 as Position, eventId: known };

test.each<[string, number, Uuid | undefined, Judgement]>([
  ["the same commit there", 2, known, "same"],
  ["nothing there", 2, undefined, "older"],
  ["another commit there", 2, other, "foreign"],
  ["a newer epoch, nothing there", 3, undefined, "adopted"],
  ["a newer epoch, another commit there", 3, other, "adopted"],
  ["an older epoch, the same commit there", 1, known, "older"],
  ["an older epoch, nothing there", 1, undefined, "older"],
])("%s, in epoch %i", (_, epoch, eventIdAtMark, judgement) => {
  expect(judgeLedger(mark, { epoch, eventIdAtMark })).toBe(judgement);
});

test("who knew nothing takes the ledger as it is", () => {
  expect(judgeLedger(undefined, { epoch: 1, eventIdAtMark: undefined })).toBe("same");
});
