import type { JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { isSureOfItsLead, leaderLease } from "./leader-lease.ts";

const heard = (...lastSeenMs: readonly number[]): StreamInfo =>
  ({
    config: { num_replicas: lastSeenMs.length + 1 },
    cluster: {
      replicas: lastSeenMs.map((ms) => ({ name: "n", current: true, offline: false, active: ms * 1e6 })),
    },
  }) as unknown as StreamInfo;

test("a leader is sure of its lead when it heard from enough others to make a majority", () => {
  expect(isSureOfItsLead(heard(300, 400))).toBe(true);
  expect(isSureOfItsLead(heard(300, 60_000))).toBe(true);
  expect(isSureOfItsLead(heard(14_000, 14_000))).toBe(false);
  expect(isSureOfItsLead(heard(100, 9_000, 9_000, 9_000))).toBe(false);
  expect(isSureOfItsLead(heard())).toBe(true);
});

test("a leader that never heard from a follower is not sure", () => {
  expect(isSureOfItsLead(heard(0, 0))).toBe(false);
});

test("one answer serves for a moment, and no longer than another leader's election takes at least", async () => {
  let nowMs = 0;
  let asked = 0;
  let answer = heard(500, 500);
  const streams = { info: async () => (asked++, answer) };
  const manager = { streams } as unknown as JetStreamManager;
  const lease = leaderLease(manager, { name: "LEDGER", replicas: 3 }, { wait: async () => {} }, () => nowMs);
  await Promise.all([lease.require(), lease.require()]);
  nowMs = 1_000;
  await lease.require();
  expect(asked).toBe(2); // twice after a silence
  nowMs = 2_000;
  answer = heard(2_500, 2_500);
  await expect(lease.require()).rejects.toThrow();
  answer = heard(2_500, 20);
  await lease.require();
  expect(asked).toBe(5);
});
