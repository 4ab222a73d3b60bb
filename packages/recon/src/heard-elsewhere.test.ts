/** One direction of one line is cut: this observer hears nothing of a node that others hear, and that goes on claiming. */
import type { EventLog } from "@releve/ledger/event-log";
import { LedgerFault } from "@releve/ledger/faults";
import { expect, test } from "vitest";
import { a1, b1, heldAttempt, newWorld, request, typesOf } from "./node-loop.fixture.ts";

/** What its verdict would say to the ledger is lost as well, so that no join answers it. */
const withoutNodes = (log: EventLog): EventLog => ({
  ...log,
  read: async (stream, ...more) => {
    if (stream.kind === "node") throw new LedgerFault("LEDGER_UNREACHABLE", "away");
    return log.read(stream, ...more);
  },
});

test.each([
  ["others hear it: its new claim is its own", true, ["JobRequested", "JobClaimed"]],
  ["nobody hears it: what it claimed goes back", false, ["JobRequested", "JobClaimed", "JobReleased"]],
])("%s", async (_, isHeard, types) => {
  const { log, clock, start } = newWorld();
  const observer = await start(b1, { log: withoutNodes(log), isHeardElsewhere: () => isHeard });
  void observer.loop.nodeLost(a1, 1_500);
  await start(a1, { attempt: heldAttempt().attempt });
  await request(log, 1);
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).slice(0, 3)).toEqual(types);
});

test("what it held before goes back: it cannot be worked with from here", async () => {
  const { log, clock, start } = newWorld();
  await start(a1, { attempt: heldAttempt().attempt });
  await request(log, 1);
  await clock.advance(1_000);
  const observer = await start(b1, { log: withoutNodes(log), isHeardElsewhere: () => true });
  void observer.loop.nodeLost(a1, 10_000);
  await clock.advance(1_000);
  expect((await typesOf(log, 1)).slice(0, 3)).toEqual(["JobRequested", "JobClaimed", "JobReleased"]);
});
