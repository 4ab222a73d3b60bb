import { systemClock } from "@releve/domain/clock";
import type { Version } from "@releve/ledger/event-log";
import { expect, test } from "vitest";
import { Attempts } from "./attempts.ts";
import { requestOf, result } from "./node-loop.fixture.ts";

test("an attempt whose end was heard is not made again while the ledger still shows its claim here", async () => {
  let started = 0;
  const attempts = new Attempts({
    clock: systemClock,
    attempt: async () => {
      started++;
      return result;
    },
    end: async () => {},
    onFault: () => {},
    onChange: () => {},
    onBroken: () => {},
  });
  const request = requestOf(1);
  const claim = (version: number) => ({ epoch: 1, version: version as Version });
  const ended = () => expect.poll(() => attempts.size).toBe(0);

  attempts.hold(request, claim(2));
  await ended();
  attempts.saw(request.job, 2 as Version, { claim: claim(2), isOwn: true }); // the claim itself comes late
  attempts.hold(request, claim(2));
  attempts.hold(request, claim(1)); // an older one, which this node held before it
  expect(started).toBe(1);

  attempts.saw(request.job, 3 as Version, "waiting");
  attempts.hold(request, claim(4));
  await ended();
  expect(started).toBe(2);
});
