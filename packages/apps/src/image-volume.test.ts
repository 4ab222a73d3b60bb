import { isRefusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { describe, expect, test } from "vitest";
import { refuseReformatted, refuseUnlessRegular, volumeRemarks } from "./image-volume.ts";
import { axialGrid, grids, planOf } from "./known-volume.fixture.ts";
import { app as mpr } from "./mpr/app.ts";
import { app as slab } from "./slab/app.ts";

const missing = { code: "MISSING_SLICES", reason: "2 slices are missing: the gaps are 2.5 to 7.5 mm." };
const uneven = { code: "IRREGULAR_SPACING", reason: "The gaps are 1 to 3.5 mm." };
const shifted = { code: "SLICES_SHIFTED", reason: "A slice lies 3 mm beside the line of the others." };

const refusedPlans: [string, Partial<VolumePlan>, string, RegExp][] = [
  ["a tomographic NM volume", { modality: "NM" }, "MODALITY_NOT_SUPPORTED", /NM/],
  ["a secondary capture", { modality: "OT" }, "MODALITY_NOT_SUPPORTED", /OT/],
  ["three slices", { geometry: { ...axialGrid, slices: 3 } }, "TOO_FEW_SLICES", /has 3 slices; at least 4/],
  ["missing slices", { regular: false, findings: [missing] }, "MISSING_SLICES", /2\.5 to 7\.5 mm/],
  ["irregular spacing", { regular: false, findings: [uneven] }, "IRREGULAR_SPACING", /1 to 3\.5 mm/],
  ["shifted slices", { regular: false, findings: [shifted] }, "SLICES_SHIFTED", /3 mm beside/],
  ["irregular without a finding", { regular: false }, "IRREGULAR_SPACING", /not constant/],
  [
    "slices in one plane",
    { geometry: { ...axialGrid, sliceStepLps: [1, 1, 0] } },
    "FLAT_VOLUME",
    /one plane/,
  ],
];

test.each(refusedPlans)("%s is refused with its reason, whatever is asked", (_, changes, code, reason) => {
  const refused = refuseUnlessRegular(planOf(axialGrid, changes));
  expect(refused?.refused).toBe(code);
  expect(refused?.reason).toMatch(reason);
});

test.each(Object.entries(grids))("%s slices are accepted", (_, grid) => {
  expect(refuseUnlessRegular(planOf(grid))).toBeUndefined();
});

test.each(["MPR", "PROJECTION IMAGE", "MIP"])("Image Type %s is not cut again", (value) => {
  const imageType = ["DERIVED", "SECONDARY", "AXIAL", value];
  expect(refuseReformatted(planOf(axialGrid, { imageType }))?.refused).toBe("ALREADY_REFORMATTED");
});

test("a tilt is said with its angle, once, and other findings with their reasons", () => {
  const tilted = planOf(grids["a tilted gantry"]!, {
    findings: [
      { code: "GANTRY_TILT", reason: "sheared" },
      { code: "SPACING_DISAGREES", reason: "The positions are 2.5 mm apart, not 2." },
    ],
  });
  expect(volumeRemarks(tilted)).toEqual([
    "The slices are sheared by 18.0 degrees (gantry tilt); corrected.",
    "The positions are 2.5 mm apart, not 2.",
  ]);
  expect(volumeRemarks(planOf(axialGrid))).toEqual([]);
});

describe.each([mpr, slab].map((app) => [app.id, app] as const))("%s", (_, app) => {
  test.each(["CT", "MR", "PT"])("proposes for %s what its own parameters allow", (modality) => {
    const proposed = app.propose(planOf(axialGrid, { modality }));
    if (isRefusal(proposed)) throw new Error(proposed.reason);
    expect(proposed.length).toBeGreaterThan(0);
    expect(proposed.map((parameters) => app.parameters.parse(parameters))).toEqual(proposed);
  });

  test("refuses what is no regular volume, before any pixel is read", () => {
    for (const [, changes, code] of refusedPlans)
      expect(app.propose(planOf(axialGrid, changes))).toMatchObject({ refused: code });
  });
});
