import { expect, test } from "vitest";
import { ctPhantom } from "./ct-phantom.ts";
import { decimalString } from "./decimal-string.ts";
import { rampSeries } from "./ramp-series.ts";
import { coronal, evenOffsets, stackPlanes, axial } from "./stack.ts";

test("the same options give the same bytes, and every file is a Part 10 file of its own name", () => {
  const first = ctPhantom({ slices: 3, noiseHu: 5 });
  const again = ctPhantom({ slices: 3, noiseHu: 5 });
  expect(again).toEqual(first);
  expect(new Set(first.map((file) => file.fileName)).size).toBe(3);
  for (const { bytes } of first)
    expect(Buffer.from(bytes.subarray(128, 132)).toString("latin1")).toBe("DICM");
});

test("a tilted pile leans its planes and stays upright itself", () => {
  const planes = stackPlanes({
    columns: 3,
    rows: 3,
    columnSpacingMm: 1,
    rowSpacingMm: 2,
    sliceOffsetsMm: evenOffsets(2, 5),
    thicknessMm: 5,
    orientation: axial,
    tiltDegrees: 30,
    centerLps: [0, 0, 0],
  });
  expect(planes[0]!.rowStepLps[1]).toBeCloseTo(2 * Math.cos(Math.PI / 6), 12);
  expect(planes[0]!.rowStepLps[2]).toBeCloseTo(1, 12);
  expect(planes[1]!.originLps[1]).toBeCloseTo(planes[0]!.originLps[1], 12);
  expect(planes[1]!.originLps[2] - planes[0]!.originLps[2]).toBeCloseTo(5, 12);
});

test("a ramp holds its formula to half a step of the stored values", () => {
  const [file] = rampSeries({ stack: { orientation: coronal } });
  expect(file!.bytes.length).toBeGreaterThan(20 * 16 * 2);
});

test.each([
  [0.1, "0.1"],
  [-0, "0"],
  [1 / 3, "0.33333333333333"],
  [-123456.12345678901, "-123456.12345679"],
  [1e-20, "1e-20"],
])("%d as a Decimal String is %s", (value, text) => {
  expect(decimalString(value)).toBe(text);
});

test("what no Decimal String can hold is refused", () => {
  expect(() => decimalString(Number.NaN)).toThrow(RangeError);
});
