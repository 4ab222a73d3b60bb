import { expect, test } from "vitest";
import { closingLine } from "./count-tests.mjs";

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, success: true };

test("it adds up the suites", () => {
  expect(closingLine([report, { ...report, numPassedTests: 4 }])).toEqual({
    line: "7 passed, 0 failed, 2 skipped",
    ok: true,
  });
});

test("a failed test, a file that did not load and a run without a test are failures", () => {
  expect(closingLine([report, { ...report, numFailedTests: 2, success: false }])).toEqual({
    line: "6 passed, 2 failed, 2 skipped",
    ok: false,
  });
  expect(closingLine([{ ...report, success: false }])).toEqual({
    line: "3 passed, 1 failed, 1 skipped",
    ok: false,
  });
  expect(closingLine([])).toEqual({ line: "0 passed, 0 failed, 0 skipped", ok: false });
});
