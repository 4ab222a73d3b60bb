import { assert, double, property } from "fast-check";
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
  const fitting = property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
  });
  assert(fitting);
});

test("what is not finite is a bug", () => {
  expect(() => decimalString(NaN)).toThrow(RangeError);
});
