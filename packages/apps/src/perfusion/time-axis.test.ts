import { expect, test } from "vitest";
import { onTimeAxis, timeAxis } from "./time-axis.ts";

test("equal steps are taken as they are, with the mean interval", () => {
  const axis = timeAxis([0, 1.01, 1.99, 3, 4.04]);
  expect(axis).toMatchObject({ resampled: false, stepSeconds: expect.closeTo(1.01, 12) });
  const frames = [Float32Array.of(1), Float32Array.of(2)];
  expect(onTimeAxis(frames, axis)).toBe(frames);
});

test("unequal ones are interpolated at the median interval: a straight line stays one", () => {
  const times = [0, 1, 2, 3, 4, 6.5, 9, 12];
  const axis = timeAxis(times);
  expect(axis).toMatchObject({ resampled: true, stepSeconds: 1 });
  const frames = times.map((time) => Float32Array.of(5 + 2 * time, -time));
  const steps = onTimeAxis(frames, axis);
  expect(steps.map(([value]) => value)).toEqual(Array.from({ length: 13 }, (_, step) => 5 + 2 * step));
  expect(steps[8]![1]).toBeCloseTo(-8, 6);
});
