import type { DeliveryId, JobId, SiteId, StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import {
  backOffMs,
  decideDelivery,
  deliveryAttemptsMax,
  deliveryDecider,
  evolveDelivery,
  type DeliveryCommand,
  type DeliveryState,
} from "./delivery.ts";
import { checkTransitions, type TransitionTable } from "./transitions.fixture.ts";

const request = {
  delivery: "d" as DeliveryId,
  job: "j" as JobId,
  study: "s" as StudyId,
  destination: "pacs",
  site: "site-a" as SiteId,
  objects: [],
};
const ask: DeliveryCommand = { type: "request", request };
const fail = (attempt: number, final = false): DeliveryCommand => ({
  type: "fail",
  attempt,
  code: "PACS_UNREACHABLE",
  reason: "no answer",
  nowMs: 10_000,
  final,
});
const deliver: DeliveryCommand = { type: "deliver", attempt: 2, receipt: "ok" };

function run(...commands: readonly DeliveryCommand[]): {
  readonly state: DeliveryState;
  readonly last: string;
} {
  let state: DeliveryState = deliveryDecider.initial;
  let last = "";
  for (const command of commands) {
    const decided = decideDelivery(command, state);
    last = isRefusal(decided) ? `!${decided.refused}` : decided.map(({ type }) => type).join(" ");
    if (!isRefusal(decided)) state = decided.reduce<DeliveryState>(evolveDelivery, state);
  }
  return { state, last };
}

const table: TransitionTable<DeliveryState, DeliveryCommand> = {
  none: {
    request: "DeliveryRequested",
    fail: "!DELIVERY_UNKNOWN",
    deliver: "!DELIVERY_UNKNOWN",
    retry: "!DELIVERY_UNKNOWN",
  },
  pending: { request: "-", fail: "DeliveryFailed", deliver: "Delivered", retry: "-" },
  stopped: { request: "-", fail: "-", deliver: "Delivered", retry: "DeliveryRetried" },
  delivered: { request: "-", fail: "-", deliver: "-", retry: "-" },
};

checkTransitions(deliveryDecider, {
  states: {
    none: run().state,
    pending: run(ask).state,
    stopped: run(ask, fail(1, true)).state,
    delivered: run(ask, deliver).state,
  },
  commands: { request: ask, fail: fail(1), deliver, retry: { type: "retry", reason: "mended" } },
  table,
});

test.each<[string, readonly DeliveryCommand[], string]>([
  ["a delivery is requested once", [ask, ask], ""],
  ["nothing can be said of an unknown delivery", [deliver], "!DELIVERY_UNKNOWN"],
  ["a failure is told once", [ask, fail(1), fail(1)], ""],
  ["a failure that skips an attempt is refused", [ask, fail(2)], "!WRONG_ATTEMPT"],
  ["it arrives after a failure", [ask, fail(1), deliver], "Delivered"],
  ["it arrives once", [ask, deliver, deliver], ""],
  [
    "one that stopped is tried again when a person asks",
    [ask, fail(1, true), { type: "retry", reason: "mended" }],
    "DeliveryRetried",
  ],
  [
    "one that was asked for again starts from its first try",
    [ask, fail(1, true), { type: "retry", reason: "mended" }, fail(1)],
    "DeliveryFailed",
  ],
  ["one that goes on is not retried", [ask, fail(1), { type: "retry", reason: "impatient" }], ""],
  ["a receipt counts even after it was given up", [ask, fail(1, true), deliver], "Delivered"],
])("%s", (_, commands, expected) => {
  expect(run(...commands).last).toBe(expected);
});

test("the pause doubles from a second to five minutes", () => {
  expect([1, 2, 3, 9, 10, 500].map(backOffMs)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  expect(run(ask, fail(1)).state).toMatchObject({ status: "pending", attempts: 1, nextAtMs: 11_000 });
});

test("after the last try it stops and says why", () => {
  const tries = Array.from({ length: deliveryAttemptsMax }, (_, index) => fail(index + 1));
  expect(run(ask, ...tries).state).toMatchObject({ status: "stopped", code: "PACS_UNREACHABLE" });
});
