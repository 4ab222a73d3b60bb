import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askingAgain } from "./live-queries.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the first change asks at once, many more together ask once, and none is forgotten", () => {
  let asked = 0;
  const ask = askingAgain({ invalidateQueries: async () => void asked++ });
  ask();
  expect(asked).toBe(1);
  for (let change = 0; change < 1_000; change++) ask();
  expect(asked).toBe(1);
  vi.advanceTimersByTime(500);
  expect(asked).toBe(2);
  vi.advanceTimersByTime(5_000);
  expect(asked).toBe(2);
  ask();
  expect(asked).toBe(3);
});
