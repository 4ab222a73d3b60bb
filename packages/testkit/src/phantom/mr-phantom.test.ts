import { expect, test } from "vitest";
import { demoStudy } from "./demo-study.ts";
import { enhancedCt } from "./enhanced-ct.ts";
import { diffusionVolumes, mrPhantom } from "./mr-phantom.ts";
import { seededNoise } from "./seeded-noise.ts";

test("volumes of a series come slice by slice, each image once", () => {
  const volumes = diffusionVolumes(
    [0, 1000],
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
  );
  expect(volumes).toHaveLength(3);
  const files = mrPhantom({ volumes });
  expect(files).toHaveLength(18);
  expect(new Set(files.map(({ bytes }) => Buffer.from(bytes).toString("latin1"))).size).toBe(18);
});

test("an Enhanced object shuffles its frames and loses none", () => {
  const [file] = enhancedCt({ slices: 4, timePoints: 2 });
  expect(file!.bytes.length).toBeGreaterThan(32 * 32 * 8 * 2);
});

test("noise has the deviation that is asked for, and no mean", () => {
  const next = seededNoise(7, 5);
  const values = Array.from({ length: 20_000 }, next);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // The standard error of the mean is 0.035, that of the deviation 0.025.
  expect(Math.abs(mean)).toBeLessThan(0.15);
  expect(Math.sqrt(variance)).toBeCloseTo(5, 0);
});

test("the demo's study is below 20 MB and always the same", () => {
  const files = demoStudy();
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  expect(bytes).toBeLessThan(20e6);
  expect(new Set(files.map(({ fileName }) => fileName)).size).toBe(files.length);
  expect(
    files.map(({ fileName }) => fileName.split("/")[0]).filter((name, at, all) => all.indexOf(name) === at),
  ).toEqual(["localizer", "ct", "mr", "capture"]);
});
