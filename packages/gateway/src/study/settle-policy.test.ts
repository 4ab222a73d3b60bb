import { expect, test } from "vitest";
import { settlesAtMs } from "./settle-policy.ts";

const policy = { silenceMs: 5_000, limitMs: 60_000 };

test("silence settles a study, counted from its last object", () => {
  expect(settlesAtMs(policy, 1_000, 3_000)).toBe(8_000);
});

test("a trickle of objects cannot hold a study open beyond the limit", () => {
  expect(settlesAtMs(policy, 1_000, 59_000)).toBe(61_000);
});
