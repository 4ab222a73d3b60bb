import type { EventEnvelope } from "@releve/ledger/envelope";
import { expect, test } from "vitest";
import { formatEvent } from "./format-event.ts";

test("an event is one line: when, where, who, what", () => {
  const event = {
    type: "JobClaimed",
    job: "12345678-0000-5000-8000-000000000000",
    node: "a1",
    site: "site-a",
    attempt: 2,
  };
  const line = formatEvent({
    context: { atMs: 0, site: "site-a", actor: "node:a1" },
    event,
  } as EventEnvelope);
  expect(line.split(/\s{2,}/)).toEqual([
    "1970-01-01 00:00:00.000",
    "site-a",
    "node:a1",
    "JobClaimed",
    "job 12345678: attempt 2 by a1",
  ]);
});
