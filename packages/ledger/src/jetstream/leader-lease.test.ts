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

function leaseOver(answer: () => StreamInfo) {
  const time = { nowMs: 0, asked: 0 };
  const streams = { info: async () => (time.asked++, answer()) };
  const manager = { streams } as unknown as JetStreamManager;
  const stream = { name: "LEDGER", replicas: 3 };
  const lease = leaderLease(manager, stream, { wait: async () => {} }, () => time.nowMs);
  return { lease, time };
}

test("one answer serves for a moment, and no longer than another leader's election takes at least", async () => {
  let answer = heard(500, 500);
  const { lease, time } = leaseOver(() => answer);
  await Promise.all([lease.require(), lease.require()]);
  expect(time.asked).toBe(2); // twice after a silence
  time.nowMs = 500;
  await lease.require();
  expect(time.asked).toBe(2);
  time.nowMs = 1_300;
  answer = heard(2_500, 2_500);
  await expect(lease.require()).rejects.toThrow();
  answer = heard(2_500, 20);
  await lease.require();
  expect(time.asked).toBe(4); // once, for it cannot have slept long
  time.nowMs = 9_000;
  await lease.require();
  expect(time.asked).toBe(6);
});

test("who asks all the time is never made to wait", async () => {
  const { lease, time } = leaseOver(() => heard(100, 100));
  await lease.require();
  for (time.nowMs = 50; time.nowMs < 10_000; time.nowMs += 50) {
    const before = time.asked;
    await lease.require();
    expect(time.asked - before).toBeLessThanOrEqual(1);
  }
  expect(time.asked).toBeLessThan(2 + 10_000 / 500);
});
