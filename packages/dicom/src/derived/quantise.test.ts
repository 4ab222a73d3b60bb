import { array, assert, boolean, constant, double, float, oneof, option, property } from "fast-check";
import { expect, test } from "vitest";
import { chooseScale, quantise, rangeOf } from "./quantise.ts";

const image = (...values: number[]) => ({ values: Float32Array.from(values) });

test("a CT's step becomes a fraction of the source's, its integers stay exact and its intercept 0", () => {
  const scale = chooseScale(rangeOf([image(-1024, 3071, NaN)]), { sourceStep: 1, zeroIntercept: false });
  expect(scale).toEqual({ slope: 0.125, intercept: 0, signed: true, padding: -32_768 });
  expect(Array.from(quantise(Float32Array.of(-1024, 40, NaN), scale))).toEqual([-8192, 320, -32_768]);
});

test("values far from zero get an intercept rather than a coarser step", () => {
  const scale = chooseScale(rangeOf([image(50_000, 54_000)]), { sourceStep: 1, zeroIntercept: false });
  expect(scale.slope).toBeLessThanOrEqual(0.5);
  expect(scale.intercept).toBe(52_000);
});

test("a range too wide for half the source's step gets the finest step that 16 bits hold", () => {
  const scale = chooseScale(rangeOf([image(-1e6, 1e6)]), { sourceStep: 1, zeroIntercept: false });
  expect(scale.slope).toBeGreaterThan(1e6 / 32_767);
  expect(scale.slope).toBeLessThan((1e6 / 32_767) * 1.0001);
});

test("PET without anything outside the volume takes all 16 bits, else padding stays below every value", () => {
  const whole = chooseScale(rangeOf([image(0, 65_535)]), { sourceStep: 2, zeroIntercept: true });
  expect(whole).toMatchObject({ intercept: 0, signed: false });
  expect(whole.slope).toBe(1);
  expect(whole.padding).toBeUndefined();
  const cut = chooseScale(rangeOf([image(0, 65_535, NaN)]), { sourceStep: 2, zeroIntercept: true });
  expect(cut).toMatchObject({ intercept: 0, signed: true, padding: -32_768 });
});

const scaleOf = (...values: number[]) => chooseScale(rangeOf([image(...values)]), { zeroIntercept: false });

test("constant, empty and unscaled series have a scale too", () => {
  expect(Array.from(quantise(Float32Array.of(7.25), scaleOf(7.25)))).toEqual([0]);
  expect(Array.from(quantise(Float32Array.of(NaN), scaleOf(NaN)))).toEqual([-32_768]);
});

test("whatever the values: an error of at most half a step, and padding only for what is no number", () => {
  const limit = Math.fround(1e30);
  const value = oneof(float({ noNaN: true, min: -limit, max: limit }), constant(NaN));
  const sourceStep = option(double({ min: 1e-9, max: 1e6, noNaN: true }), { nil: undefined });
  const list = array(value, { minLength: 1, maxLength: 50 });
  const kept = property(list, sourceStep, boolean(), (numbers, step, zeroIntercept) => {
    const values = Float32Array.from(numbers);
    const scale = chooseScale(rangeOf([{ values }]), { sourceStep: step, zeroIntercept });
    const stored = Array.from(quantise(values, scale));
    expect(stored.map((steps) => steps === scale.padding)).toEqual(Array.from(values, Number.isNaN));
    const excess = stored.map((steps, index) => {
      const error = Math.abs(steps * scale.slope + scale.intercept - values[index]!);
      return error - scale.slope / 2 - roundingOf(values[index]!);
    });
    expect(excess.every((beyond) => Number.isNaN(beyond) || beyond <= 0)).toBe(true);
    expect(zeroIntercept ? scale.intercept : 0).toBe(0);
  });
  assert(kept);
});

/** What the arithmetic of doubles alone may be off: a value can be 1e15 times the step. */
const roundingOf = (value: number): number => Math.abs(value) * 8 * Number.EPSILON + Number.MIN_VALUE;
