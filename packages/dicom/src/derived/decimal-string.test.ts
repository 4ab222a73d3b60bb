import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalString } from "./decimal-string.ts";

test.each([
  [0.1, "0.1"],
  [-0, "0"],
  [1 / 3, "0.33333333333333"],
  [-1 / 3, "-0.3333333333333"],
  [1e22, "1e+22"],
  [-1.23456789012345e-11, "-1.234567890e-11"],
])("%d is written as %s", (value, text) => {
  expect(Number(decimalString(value))).toBeCloseTo(Number(text), 14);
  expect(decimalString(value).length).toBeLessThanOrEqual(16);
});

test("every number fits 16 characters and keeps at least eight digits", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimalString(value);
      return text.length <= 16 && Math.abs(Number(text) - value) <= Math.abs(value) * 1e-8;
    }),
  );
});

test("what is not finite is a bug", () => {
  expect(() => decimalString(NaN)).toThrow(RangeError);
});
