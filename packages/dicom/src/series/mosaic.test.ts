import { voxelToLps, type PlaneGeometry } from "@releve/domain/volume";
import { siemensMosaic } from "@releve/testkit/phantom/siemens-mosaic";
import { describe, expect, test } from "vitest";
import { csaNumbers } from "./csa-header.ts";
import { seriesObjects, split } from "./series.fixture.ts";

const firstPlane: PlaneGeometry = {
  columns: 8,
  rows: 6,
  originLps: [-12, -7, 30],
  columnStepLps: [3, 0, 0],
  rowStepLps: [0, 2.4, 1.8],
};
const options = { bValues: [0, 1000], firstPlane, slices: 7, sliceSpacingMm: 4 };

test("a mosaic is unfolded: each tile a slice at its own place, the empty tiles none", () => {
  const { volumes, leftOut } = split(siemensMosaic(options));
  expect(leftOut).toEqual([]);
  expect(volumes.map((plan) => plan.split)).toEqual([{ bValue: 0 }, { bValue: 1000 }]);
  const [plan] = volumes;
  expect(plan!.geometry).toMatchObject({ columns: 8, rows: 6, slices: 7 });
  expect(plan!.geometry.originLps).toEqual(firstPlane.originLps.map((value) => expect.closeTo(value, 9)));
  // The normal of the planes is (0, -0.6, 0.8).
  expect(voxelToLps(plan!.geometry, 0, 0, 6)).toEqual(
    [-12, -7 - 0.6 * 24, 30 + 0.8 * 24].map((value) => expect.closeTo(value, 6)),
  );
  expect(plan!.slices.map(({ tile }) => [tile!.column, tile!.row])).toEqual([
    [0, 0],
    [8, 0],
    [16, 0],
    [0, 6],
    [8, 6],
    [16, 6],
    [0, 12],
  ]);
});

test("a mosaic without its CSA header is left out", () => {
  const decision = split(siemensMosaic({ ...options, csaHeader: false }));
  expect(decision).toMatchObject({
    volumes: [],
    leftOut: [{ code: "SIEMENS_MOSAIC" }, { code: "SIEMENS_MOSAIC" }],
  });
});

describe("a CSA header", () => {
  const [first] = seriesObjects(siemensMosaic(options));
  const csa = first!.object.attributes.privateBytes(0x0029, "SIEMENS CSA HEADER", 0x10)!;

  test("gives the numbers of a tag", () => {
    expect(csaNumbers(csa, "NumberOfImagesInMosaic")).toEqual([7]);
    expect(csaNumbers(csa, "SliceNormalVector")).toEqual([0, -0.6, 0.8]);
    expect(csaNumbers(csa, "Absent")).toBeUndefined();
  });

  test("cut anywhere gives nothing or the same, and never throws", () => {
    const found = Array.from({ length: csa.length }, (_, length) =>
      JSON.stringify(csaNumbers(csa.subarray(0, length), "NumberOfImagesInMosaic")),
    );
    expect(new Set(found)).toEqual(new Set([undefined, "[7]"]));
  });

  test.each([
    ["a count of tags", 8],
    ["a count of items", 16 + 76],
    ["a length", 16 + 84 + 4],
  ])("with %s beyond all bounds gives nothing", (_, offset) => {
    const broken = Uint8Array.from(csa);
    new DataView(broken.buffer).setInt32(offset, 0x7fffffff, true);
    expect(csaNumbers(broken, "SliceNormalVector")).toBeUndefined();
  });
});
