import { expect, test } from "vitest";
import { axialGrid, planOf } from "../known-volume.fixture.ts";
import { gridDifference, imagesOnOwnSlices, ownSlices } from "./own-slices.ts";

test("even slices follow the grid, uneven ones lie where they were acquired", () => {
  expect(ownSlices(planOf(axialGrid))[3]!.originLps).toEqual([-31, 12, 52.5]);
  const slicePositionsLps = Array.from({ length: 12 }, (_, slice) => [-31, 12, 45 + slice ** 2] as const);
  const uneven = planOf(axialGrid, { regular: false, slicePositionsLps });
  expect(ownSlices(uneven)[3]!.originLps).toEqual([-31, 12, 54]);
});

test("each image holds the values of its slice", () => {
  const values = Float32Array.from({ length: 24 * 20 * 12 }, (_, index) => Math.floor(index / 480));
  const images = imagesOnOwnSlices(planOf(axialGrid), values, 2.5);
  expect(images.map(({ values: own }) => [own[0], own.at(-1), own.length])).toEqual(
    Array.from({ length: 12 }, (_, slice) => [slice, slice, 480]),
  );
});

test.each([
  ["the same", {}, undefined],
  ["rounded", { geometry: { ...axialGrid, originLps: [-31.004, 12, 45] as const } }, undefined],
  ["moved", { geometry: { ...axialGrid, originLps: [-31, 12, 47] as const } }, "up to 2.00 mm apart"],
  ["wider", { geometry: { ...axialGrid, columnStepLps: [0.71, 0, 0] as const } }, "up to 0.23 mm apart"],
  ["shorter", { geometry: { ...axialGrid, slices: 11 } }, "24 x 20 x 12 voxels, one 24 x 20 x 11"],
  ["elsewhere", { frameOfReferenceUid: "1.2" }, "different frames of reference"],
])("%s", (_, changes, says) => {
  const difference = gridDifference(planOf(axialGrid), planOf(axialGrid, changes));
  if (says === undefined) expect(difference).toBeUndefined();
  else expect(difference).toContain(says);
});
