import { expect, test } from "vitest";
import { onAbort } from "./on-abort.ts";

test("it acts once, also for a signal that was aborted before", () => {
  const ending = new AbortController();
  let acted = 0;
  onAbort(ending.signal, () => (acted += 1));
  expect(acted).toBe(0);
  ending.abort();
  onAbort(ending.signal, () => (acted += 1));
  expect(acted).toBe(2);
});
