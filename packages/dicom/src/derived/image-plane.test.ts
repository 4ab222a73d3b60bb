import { isRefusal } from "@releve/domain/refusal";
import type { Vec3 } from "@releve/domain/vec3";
import { expect, test } from "vitest";
import { imagePlane, stackSpacingMm } from "./image-plane.ts";

const plane = (originLps: Vec3, columnStepLps: Vec3 = [0.5, 0, 0], rowStepLps: Vec3 = [0, 0.8, 0]) => ({
  columns: 2,
  rows: 2,
  originLps,
  columnStepLps,
  rowStepLps,
});

test("an oblique plane has unit cosines, and every text fits a Decimal String", () => {
  const oblique = plane([1 / 3, -100 / 3, 1e-7], [0.3, 0.4, 0], [0, 0, -2]);
  const elements = imagePlane({ geometry: oblique, thicknessMm: 2.5 });
  if (isRefusal(elements)) throw new Error(elements.reason);
  const values = [...elements.values()].flatMap((element) => ("values" in element ? element.values : []));
  expect(values.every((value) => String(value).length <= 16)).toBe(true);
  expect(elements.get("ImageOrientationPatient")).toMatchObject({
    values: ["0.6", "0.8", "0", "0", "0", "-1"],
  });
  expect(elements.get("PixelSpacing")).toMatchObject({ values: ["2", "0.5"] });
});

test("the spacing of a stack is measured along its normal, also where the planes are shifted", () => {
  expect(stackSpacingMm([plane([0, 0, 0]), plane([0, 0.5, 2]), plane([0, 1, 4])])).toBeCloseTo(2, 12);
});

test.each([
  ["a single plane", [plane([0, 0, 0])]],
  ["uneven steps", [plane([0, 0, 0]), plane([0, 0, 1]), plane([0, 0, 3])]],
  ["planes that turn", [plane([0, 0, 0]), plane([0, 0, 1], [0.5, 0, 0.1])]],
  ["planes of one position", [plane([0, 0, 0]), plane([1, 0, 0])]],
])("%s is no stack with a spacing", (_, planes) => {
  expect(stackSpacingMm(planes)).toBeUndefined();
});
