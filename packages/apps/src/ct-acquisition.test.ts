import type { Attributes } from "@releve/dicom/data-set/attributes";
import { expect, test } from "vitest";
import { refuseUnlessAxialCt, refuseUnlessPlainHounsfield } from "./ct-acquisition.ts";
import { axialGrid, grids, noAttributes, planOf } from "./known-volume.fixture.ts";

test("axial slices of a CT are accepted, tilted ones and from head to feet too", () => {
  for (const name of ["axial", "axial, from head to feet", "a tilted gantry"])
    expect(refuseUnlessAxialCt(planOf(grids[name]!))).toBeUndefined();
});

test.each([
  ["MODALITY_NOT_SUPPORTED", planOf(axialGrid, { modality: "MR" })],
  ["NOT_AXIAL", planOf(grids["coronal"]!)],
  ["NOT_AXIAL", planOf(grids["oblique"]!)],
  ["ALREADY_REFORMATTED", planOf(axialGrid, { imageType: ["DERIVED", "SECONDARY", "MIP"] })],
  ["IRREGULAR_SPACING", planOf(axialGrid, { regular: false })],
])("%s", (refused, plan) => {
  expect(refuseUnlessAxialCt(plan)).toMatchObject({ refused });
});

const saying = (
  strings: Readonly<Record<string, string>>,
  items: readonly Attributes[] = [],
): Attributes => ({
  ...noAttributes,
  string: (keyword) => strings[keyword],
  items: (keyword) => (keyword === "ContrastBolusAgentSequence" ? items : []),
});

test.each([
  {},
  { RescaleType: "HU" },
  { ContrastBolusAgent: "NONE" },
  { ContrastBolusAgent: "Without Contrast" },
  { ContrastBolusAgent: "w/o" },
])("%j is a plain CT in Hounsfield units", (strings: Record<string, string>) => {
  expect(refuseUnlessPlainHounsfield(saying(strings))).toBeUndefined();
});

test.each([
  ["NOT_HOUNSFIELD", saying({ RescaleType: "US" })],
  ["CONTRAST_ENHANCED", saying({ ContrastBolusAgent: "ULTRAVIST 370" })],
  ["CONTRAST_ENHANCED", saying({ ContrastBolusAgent: "Nonionic" })],
  ["CONTRAST_ENHANCED", saying({}, [noAttributes])],
])("%s", (refused, attributes) => {
  const found = refuseUnlessPlainHounsfield(attributes);
  expect(found).toMatchObject({ refused });
  expect(found!.reason).not.toContain("ULTRAVIST");
});
