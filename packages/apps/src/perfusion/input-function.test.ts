import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { baselineMean, concentrations, findBaseline } from "./concentration.ts";
import { findAif, findVof, scaledToVein, type InputFunction } from "./input-function.ts";
import { arteryAt, tissueCurve } from "./perfusion.fixture.ts";

const times = Array.from({ length: 50 }, (_, step) => step);
const artery = times.map(arteryAt);
const tissue = (cbf: number) => tissueCurve(times, { cbf, mttSeconds: 5, delaySeconds: 1 });
const vein = times.map((seconds) => 1.2 * arteryAt(seconds - 5));
const spike = times.map((seconds) => (seconds === 3 ? 900 : 0));

const stepsOf = (curves: readonly (readonly number[])[]) =>
  times.map((_, step) => Float32Array.from(curves, (curve) => curve[step]!));

function accepted(found: ReturnType<typeof findAif>): InputFunction {
  if (isRefusal(found)) throw new Error(found.reason);
  return found;
}

// Many voxels of tissue, two arteries of which one is half diluted, three of a vein, and one voxel with a spike.
const curves = [
  ...Array.from({ length: 60 }, (_, index) => tissue(20 + index)),
  artery,
  artery.map((value) => value / 2),
  vein,
  vein,
  vein,
  spike,
];

test("the artery is early, high and narrow; the vein is late and large; a spike is neither", () => {
  const steps = stepsOf(curves);
  const aif = accepted(findAif(steps, 1));
  expect(aif.voxels).toEqual([60]);
  expect(aif.curve[12]).toBeCloseTo(artery[12]!, 3);
  const vof = accepted(findVof(steps, aif));
  expect(vof.voxels.toSorted((a, b) => a - b)).toEqual([62, 63, 64]);
  expect(scaledToVein(aif, vof).factor).toBeCloseTo(1.2, 2);
});

test("among tissue alone no artery is found, and a person must mark it", () => {
  expect(findAif(stepsOf(curves.slice(0, 60)), 1)).toMatchObject({ refused: "AIF_NOT_FOUND" });
});

test("the baseline ends where the earliest vessel begins, not where the largest does", () => {
  const hu = stepsOf(curves.slice(0, 65)).map((step) => step.map((value) => value + 40));
  expect(findBaseline(hu, 1, 0)).toEqual({ first: 0, last: 8 });
  expect(findBaseline(hu, 1, 3)).toEqual({ first: 3, last: 8 });
  const artery40 = stepsOf([artery]).map((step) => step.map((value) => value + 40));
  expect(findBaseline(artery40.slice(10), 1, 0)).toMatchObject({ refused: "NO_BASELINE" });
  expect(findBaseline(hu.slice(0, 5), 1, 0)).toMatchObject({ refused: "NO_BOLUS" });
});

test("MR: what lowers the signal by exp(-c) has concentration c", () => {
  const signals = stepsOf(curves.slice(0, 65)).map((step) =>
    step.map((value) => 700 * Math.exp(-value / 200)),
  );
  const baseline = findBaseline(signals, -1, 0);
  if (isRefusal(baseline)) throw new Error(baseline.reason);
  const found = concentrations(signals, baselineMean(signals, baseline), "MR");
  for (const [step, value] of artery.entries()) expect(found[step]![60]).toBeCloseTo(value / 200, 2);
});
