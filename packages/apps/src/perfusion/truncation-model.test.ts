import { expect, test } from "vitest";
import { arteryAt, tissueCurve } from "./perfusion.fixture.ts";
import { lagRange } from "./residue-peak.ts";
import { truncatedInverses } from "./truncated-inverses.ts";
import { correctionFor, exponentialCurve, truncationModel } from "./truncation-model.ts";

const times = Array.from({ length: 50 }, (_, step) => step);
const aif = times.map(arteryAt);

test("the convolution with an exponential is that of a fine integration", () => {
  const fine = tissueCurve(times, { cbf: 6000, mttSeconds: 5 });
  const largest = Math.max(...fine);
  // What differs is the artery between its points: linear here, a gamma variate there.
  for (const [step, value] of exponentialCurve(aif, 1, 5).entries())
    expect(Math.abs(value - fine[step]!)).toBeLessThan(0.01 * largest);
});

test("the apparent transit rises with the true one, and the true one is read off", () => {
  const inverses = truncatedInverses(aif, 1, [0.02, 0.1, 0.3]);
  for (const points of truncationModel(aif, 1, inverses, lagRange(1, aif.length))) {
    expect(points.length).toBeGreaterThan(10);
    for (const { apparentSeconds, factor } of points) {
      expect(correctionFor(points, apparentSeconds).factor).toBeCloseTo(factor, 12);
    }
    // A fast transit is blurred most: it looks at least twice as long.
    expect(points[0]!.factor).toBeLessThan(0.65);
    expect(points.every(({ lagSeconds }) => lagSeconds > 0)).toBe(true);
  }
});

test("beyond its ends a table goes on as at its ends", () => {
  const points = [
    { apparentSeconds: 2, factor: 0.5, lagSeconds: 1 },
    { apparentSeconds: 4, factor: 0.9, lagSeconds: 2 },
  ];
  expect(correctionFor(points, 1)).toMatchObject({ factor: 0.5, lagSeconds: 1 });
  expect(correctionFor(points, 3)).toEqual({ factor: expect.closeTo(0.7, 12), lagSeconds: 1.5 });
  expect(correctionFor(points, 9)).toMatchObject({ factor: 0.9, lagSeconds: 2 });
});
