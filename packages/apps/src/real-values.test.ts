import { expect, test } from "vitest";
import { axialGrid } from "./known-volume.fixture.ts";
import { realValues } from "./real-values.ts";

test("stored values take slope and intercept, padding is NaN", () => {
  const values = Int16Array.of(-2000, -1999, 0, 100);
  const volume = {
    geometry: { ...axialGrid, columns: 4, rows: 1, slices: 1 },
    voxels: { kind: "stored", values, slope: 0.5, intercept: -10 },
    padding: { low: -2000, high: -2000 },
  } as const;
  expect([...realValues(volume)]).toEqual([Number.NaN, -1009.5, -10, 40]);
  expect([...realValues(volume, Int32Array.of(3, 0))]).toEqual([40, Number.NaN]);
});

test("real values are what they are", () => {
  const voxels = { kind: "real", values: Float32Array.of(1.5, 7) } as const;
  expect([...realValues({ geometry: axialGrid, voxels, padding: { low: 7, high: 9 } })]).toEqual([
    1.5,
    Number.NaN,
  ]);
});
