import fc from "fast-check";
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

test("constant, empty and unscaled series have a scale too", () => {
  const scaleOf = (...values: number[]) => chooseScale(rangeOf([image(...values)]), { zeroIntercept: false });
  expect(Array.from(quantise(Float32Array.of(7.25), scaleOf(7.25)))).toEqual([0]);
  expect(Array.from(quantise(Float32Array.of(NaN), scaleOf(NaN)))).toEqual([-32_768]);
});

test("whatever the values: an error of at most half a step, and padding only for what is no number", () => {
  const value = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) }),
    fc.constant(NaN),
  );
  const sourceStep = fc.option(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 50 }),
      sourceStep,
      fc.boolean(),
      (list, step, zero) => {
        const values = Float32Array.from(list);
        const scale = chooseScale(rangeOf([{ values }]), { sourceStep: step, zeroIntercept: zero });
        const stored = quantise(values, scale);
        for (const [index, real] of values.entries()) {
          const isPadding = stored[index] === scale.padding;
          if (isPadding !== Number.isNaN(real)) return false;
          const error = Math.abs(stored[index]! * scale.slope + scale.intercept - real);
          if (!isPadding && error > (scale.slope / 2) * (1 + 1e-9)) return false;
        }
        return !zero || scale.intercept === 0;
      },
    ),
  );
});
