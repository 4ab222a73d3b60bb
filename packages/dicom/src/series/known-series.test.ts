/** Real and synthetic series beside the checkout, with answers from their makers, from pydicom and from dcm2niix. */
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { codes, splitFolder } from "./series.fixture.ts";

const absent = (folder: string): boolean => sharedData(folder) === undefined;
const decided = (folder: string) => splitFolder(sharedData(folder)!);

/** [series in the folder, volumes of each, slices of each volume] */
const counts: readonly (readonly [folder: string, volumes: readonly number[], slices: readonly number[]])[] =
  [
    ["ct-head-1mm", [1], [100]],
    ["ct-head-study-extras", [0, 0], []],
    ["mr-t1-sagittal", [1], [24]],
    ["dwi-philips-b0-b2000", [4], [40]],
    ["dwi-siemens-mosaic", [2], [25]],
    ["asl-dynamic-philips", [8], [14]],
    ["pet-bqml-qin-headneck", [1, 0], [220]],
    ["petct-mr-sts", [1, 0, 1, 0, 1, 0], [51, 28]],
    ["dce-qiba-v6/dynamic", [331], [1]],
    ["multiframe-enhanced/enhanced-mr", [4, 2], [6, 32]],
    ["multiframe-enhanced/legacy-converted-ct", [1, 1, 0], [3]],
    ["multiframe-enhanced/nm", [0], []],
    ["multiframe-enhanced/xa", [0], []],
    ["synthetic-truth/ctp-dro", [45], [2]],
    ["synthetic-truth/adc-dro", [3], [4]],
    ["synthetic-truth/mip-points", [1], [40]],
    ["synthetic-truth/suv-dro", [1], [24]],
    ["synthetic-truth/agatston", [1], [10]],
    ["synthetic-truth/odd-series/bad_instance_numbers", [1], [24]],
    ["synthetic-truth/odd-series/jittered_positions", [1], [24]],
  ];

test.each(counts.filter(([folder]) => !absent(folder)))("%s", (folder, volumes, slices) => {
  const decisions = decided(folder);
  expect(decisions.map((decision) => decision.volumes.length)).toEqual(volumes);
  const plans = decisions.flatMap((decision) => decision.volumes);
  expect([...new Set(plans.map((plan) => plan.geometry.slices))]).toEqual(slices);
  for (const plan of plans) {
    expect(plan.regular).toBe(true);
    expect(codes(plan.findings).filter((code) => code !== "SINGLE_SLICE")).toEqual([]);
  }
});

test.skipIf(absent("ct-gantry-tilt-irregular"))("ct-gantry-tilt-irregular", () => {
  const [plan] = decided("ct-gantry-tilt-irregular")[0]!.volumes;
  expect(plan!.geometry.slices).toBe(28);
  expect(plan!.findings).toMatchObject([
    {
      code: "IRREGULAR_SPACING",
      detail: { minStepMm: expect.closeTo(1.081, 3), maxStepMm: expect.closeTo(6.999, 3) },
    },
    { code: "GANTRY_TILT", detail: { degrees: expect.closeTo(18.5, 2), writtenDegrees: 18.5 } },
  ]);
});

test.skipIf(absent("synthetic-truth/odd-series/missing_slices"))(
  "synthetic-truth/odd-series/missing_slices",
  () => {
    const [plan] = decided("synthetic-truth/odd-series/missing_slices")[0]!.volumes;
    expect(plan!.geometry.slices).toBe(22);
    expect(plan!.findings).toMatchObject([{ code: "MISSING_SLICES", detail: { missing: 2, stepMm: 2 } }]);
  },
);

test.skipIf(absent("synthetic-truth/odd-series/localizer_inside"))(
  "synthetic-truth/odd-series/localizer_inside",
  () => {
    expect(decided("synthetic-truth/odd-series/localizer_inside")).toMatchObject([
      { volumes: [{ geometry: { slices: 24 }, regular: true }], leftOut: [{ code: "LOCALIZER" }] },
    ]);
  },
);

test.skipIf(absent("synthetic-truth/odd-series/duplicate_position"))(
  "synthetic-truth/odd-series/duplicate_position",
  () => {
    const [decision] = decided("synthetic-truth/odd-series/duplicate_position");
    expect(decision!.volumes).toMatchObject([{ geometry: { slices: 24 }, regular: true }]);
    expect(codes(decision!.leftOut).toSorted()).toEqual(["DUPLICATE_POSITION", "SOP_INSTANCE_UID_REUSED"]);
  },
);

test.skipIf(absent("synthetic-truth/odd-series/missing_tags"))(
  "synthetic-truth/odd-series/missing_tags",
  () => {
    const [decision] = decided("synthetic-truth/odd-series/missing_tags");
    expect(decision!.volumes).toMatchObject([{ geometry: { slices: 21 } }]);
    expect(decision!.volumes[0]!.findings).toMatchObject([
      { code: "MISSING_SLICES", detail: { missing: 3 } },
    ]);
    expect(codes(decision!.leftOut).toSorted()).toEqual(["NO_GEOMETRY", "NO_GEOMETRY", "RESCALE_MISSING"]);
  },
);

test.skipIf(absent("synthetic-truth/odd-series/spacing_changes"))(
  "synthetic-truth/odd-series/spacing_changes",
  () => {
    expect(decided("synthetic-truth/odd-series/spacing_changes")).toMatchObject([
      {
        volumes: [
          { split: { pixelSpacingMm: "1.25x1" }, geometry: { slices: 12 } },
          { split: { pixelSpacingMm: "2x2" }, geometry: { slices: 12 } },
        ],
        leftOut: [],
      },
    ]);
  },
);

test.skipIf(absent("synthetic-truth/odd-series/two_frames_of_reference"))(
  "synthetic-truth/odd-series/two_frames_of_reference",
  () => {
    expect(decided("synthetic-truth/odd-series/two_frames_of_reference")).toMatchObject([
      {
        volumes: [
          { split: { frameOfReference: 1 }, geometry: { slices: 12 } },
          { split: { frameOfReference: 2 }, geometry: { slices: 12 } },
        ],
        leftOut: [],
      },
    ]);
  },
);

/** Origin and slice step as dcm2niix 1.0.20220720 writes them, turned from RAS with flipped rows into LPS. */
test.skipIf(absent("dwi-siemens-mosaic"))("dwi-siemens-mosaic lies where dcm2niix puts it", () => {
  const [first, second] = decided("dwi-siemens-mosaic")[0]!.volumes;
  expect([first!.split, second!.split]).toEqual([{ bValue: 0 }, { bValue: 1000 }]);
  const { geometry } = first!;
  const lastRow = geometry.originLps.map((value, axis) => value + 127 * geometry.rowStepLps[axis]!);
  expect(lastRow).toEqual([-110, 102.0505, -85.6139].map((value) => expect.closeTo(value, 3)));
  expect(geometry.sliceStepLps).toEqual([0, 0.5255, 5.1734].map((value) => expect.closeTo(value, 3)));
});

test.skipIf(absent("mr-t1-sagittal"))("mr-t1-sagittal lies where dcm2niix puts it", () => {
  const { geometry } = decided("mr-t1-sagittal")[0]!.volumes[0]!;
  expect(geometry.originLps).toEqual([52.8, -130, 130].map((value) => expect.closeTo(value, 3)));
  expect(geometry.sliceStepLps).toEqual([-4.8, 0, 0].map((value) => expect.closeTo(value, 3)));
});
