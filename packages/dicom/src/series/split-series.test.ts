import { voxelToLps } from "@releve/domain/volume";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { enhancedCt } from "@releve/testkit/phantom/enhanced-ct";
import { diffusionVolumes, echoVolumes, mrPhantom, timeVolumes } from "@releve/testkit/phantom/mr-phantom";
import { localizer, secondaryCapture } from "@releve/testkit/phantom/other-images";
import { rampSeries } from "@releve/testkit/phantom/ramp-series";
import { coronal, evenOffsets, sagittal } from "@releve/testkit/phantom/stack";
import { volumePlanSchema } from "@releve/domain/series-split";
import { describe, expect, test } from "vitest";
import { codes, seriesObjects, split } from "./series.fixture.ts";
import { splitSeries } from "./split-series.ts";

const shuffled = <T>(values: readonly T[]): T[] =>
  values.map((_, index) => values[(index * 7 + 3) % values.length]!);

describe("a plain CT", () => {
  const files = ctPhantom({ slices: 11 });

  test("is one volume, though every slice has its own time, in order of place and not of Instance Number", () => {
    const decision = split(shuffled(files));
    expect(decision.leftOut).toEqual([]);
    expect(decision.volumes).toHaveLength(1);
    const [plan] = decision.volumes;
    expect(volumePlanSchema.parse(plan)).toEqual(plan);
    expect(plan).toMatchObject({ modality: "CT", split: {}, regular: true, findings: [] });
    expect(plan!.geometry).toMatchObject({ columns: 64, rows: 64, slices: 11 });
    expect(voxelToLps(plan!.geometry, 31.5, 31.5, 5)).toEqual([0, 0, 10].map((v) => expect.closeTo(v, 9)));
    expect(plan!.geometry.sliceStepLps).toEqual([0, 0, 5].map((v) => expect.closeTo(v, 9)));
  });

  test("gives the same plan in whatever order the objects come", () => {
    expect(split(shuffled(files)).volumes).toEqual(split(files).volumes);
  });
});

test.each([
  ["coronal", coronal, [0, 1, 0]],
  ["sagittal", sagittal, [-1, 0, 0]],
] as const)("a %s series is piled along its normal", (_, orientation, normal) => {
  const [plan] = split(rampSeries({ stack: { orientation } })).volumes;
  expect(plan!.geometry.sliceStepLps).toEqual(normal.map((v) => expect.closeTo(v * 2, 9)));
  expect(plan!.findings).toEqual([]);
});

test("a tilted gantry is named with its angle, and the grid keeps the shear", () => {
  const [plan] = split(ctPhantom({ tiltDegrees: -18.5 })).volumes;
  expect(plan!.regular).toBe(true);
  expect(plan!.findings).toEqual([
    {
      code: "GANTRY_TILT",
      reason: expect.stringContaining("18.5 degrees"),
      detail: { degrees: expect.closeTo(18.5, 4), writtenDegrees: -18.5 },
    },
  ]);
  expect(plan!.geometry.sliceStepLps).toEqual([0, 0, 5].map((v) => expect.closeTo(v, 6)));
});

test("a tilt that only the header knows is a disagreement", () => {
  const [plan] = split(ctPhantom({ attributes: { GantryDetectorTilt: "12" } })).volumes;
  expect(codes(plan!.findings)).toEqual(["TILT_DISAGREES"]);
});

describe("spacing", () => {
  test("jitter of a hundredth of a millimetre is regular", () => {
    const sliceOffsetsMm = evenOffsets(20, 2).map((offset, index) => offset + (index % 3 === 1 ? 0.01 : 0));
    const [plan] = split(rampSeries({ stack: { sliceOffsetsMm } })).volumes;
    expect(plan).toMatchObject({ regular: true, findings: [] });
  });

  test("missing slices are counted", () => {
    const sliceOffsetsMm = evenOffsets(20, 2).filter(
      (_, index) => index !== 4 && index !== 9 && index !== 10,
    );
    const [plan] = split(rampSeries({ stack: { sliceOffsetsMm } })).volumes;
    expect(plan!.regular).toBe(false);
    expect(plan!.findings).toMatchObject([{ code: "MISSING_SLICES", detail: { missing: 3, stepMm: 2 } }]);
    expect(plan!.slicePositionsLps).toHaveLength(17);
  });

  test("irregular spacing is named with its range, and every slice keeps its place", () => {
    const sliceOffsetsMm = [0, 3.5, 5.5, 6.5, 10];
    const [plan] = split(rampSeries({ stack: { sliceOffsetsMm } })).volumes;
    expect(plan!.findings).toMatchObject([
      { code: "IRREGULAR_SPACING", detail: { minStepMm: 1, maxStepMm: 3.5, meanStepMm: 2.5 } },
    ]);
    const firstZ = plan!.slicePositionsLps![0]![2];
    expect(plan!.slicePositionsLps!.map(([, , z]) => z - firstZ)).toEqual(sliceOffsetsMm);
  });

  test("a written spacing that the positions contradict is named", () => {
    const [plan] = split(rampSeries({ attributes: { SpacingBetweenSlices: "3" } })).volumes;
    expect(plan!.findings).toMatchObject([
      { code: "SPACING_DISAGREES", detail: { measuredMm: 2, writtenMm: 3 } },
    ]);
  });

  test("one slice is a volume of its thickness", () => {
    const [plan] = split(rampSeries({ stack: { sliceOffsetsMm: [0], thicknessMm: 3 } })).volumes;
    expect(plan!.geometry.sliceStepLps).toEqual([0, 0, 3]);
    expect(codes(plan!.findings)).toEqual(["SINGLE_SLICE"]);
  });

  test("slices that leave their line are shifted", () => {
    const sideways = rampSeries({
      series: "a",
      stack: { sliceOffsetsMm: [0, 2, 4, 6], centerLps: [0, 0, 0] },
    });
    const moved = rampSeries({ series: "a", stack: { sliceOffsetsMm: [8], centerLps: [5, 0, 0] } });
    const files = [...sideways, ...moved.map(({ bytes }) => ({ bytes: renamed(bytes) }))];
    const [plan] = split(files).volumes;
    expect(plan!.regular).toBe(false);
    expect(codes(plan!.findings)).toContain("SLICES_SHIFTED");
  });
});

describe("several volumes in one series", () => {
  test("b-values and directions", () => {
    const volumes = diffusionVolumes(
      [0, 500, 1000],
      [
        [1, 0, 0],
        [0, 0.6, 0.8],
      ],
    );
    const plans = split(shuffled(mrPhantom({ volumes }))).volumes;
    expect(plans.map((plan) => plan.split)).toMatchObject([
      { bValue: 0 },
      { bValue: 500, direction: 1, gradient: "0.00000\\0.60000\\0.80000" },
      { bValue: 500, direction: 2, gradient: "1.00000\\0.00000\\0.00000" },
      { bValue: 1000, direction: 1 },
      { bValue: 1000, direction: 2 },
    ]);
    for (const plan of plans) expect(plan).toMatchObject({ regular: true, geometry: { slices: 6 } });
  });

  test("time points, by the identifier and not by the time of each slice", () => {
    const plans = split(mrPhantom({ volumes: timeVolumes(4, 2) })).volumes;
    expect(plans.map((plan) => plan.split)).toEqual(
      [1, 2, 3, 4].map((temporalPosition) => ({ temporalPosition })),
    );
  });

  test("time points that only the clock tells apart are seconds after the first", () => {
    const volumes = timeVolumes(3, 2.5).map(({ attributes }) => ({
      attributes: { AcquisitionTime: attributes!["AcquisitionTime"] },
    }));
    const plans = split(mrPhantom({ volumes })).volumes;
    expect(plans.map((plan) => plan.split)).toEqual([0, 2.5, 5].map((timeSeconds) => ({ timeSeconds })));
  });

  test("where every image has its own time, the n-th of each position makes the n-th volume", () => {
    const plans = split(shuffled(mrPhantom({ volumes: [{}, { gain: 0.5 }] }))).volumes;
    expect(plans.map((plan) => plan.split)).toEqual([{ acquisitionIndex: 1 }, { acquisitionIndex: 2 }]);
    for (const plan of plans) expect(plan.geometry.slices).toBe(6);
  });

  test("echoes, and magnitude and phase", () => {
    expect(split(mrPhantom({ volumes: echoVolumes([5, 15]) })).volumes.map((plan) => plan.split)).toEqual([
      { echoNumber: 1 },
      { echoNumber: 2 },
    ]);
    const parts = ["M", "P"].map((part) => ({ attributes: { ImageType: ["ORIGINAL", "PRIMARY", part] } }));
    expect(split(mrPhantom({ volumes: parts })).volumes.map((plan) => plan.split)).toEqual([
      { component: "MAGNITUDE" },
      { component: "PHASE" },
    ]);
  });

  test("the frames of an Enhanced object, by their functional groups", () => {
    const decision = split(enhancedCt({ slices: 5, timePoints: 3 }));
    expect(decision).toMatchObject({ objectCount: 1, leftOut: [] });
    expect(decision.volumes.map((plan) => plan.split)).toEqual(
      [1, 2, 3].map((temporalPosition) => ({ temporalPosition })),
    );
    for (const plan of decision.volumes) {
      expect(plan.geometry.slices).toBe(5);
      expect(new Set(plan.slices.map(({ frameIndex }) => frameIndex)).size).toBe(5);
    }
  });
});

describe("what is no volume is left out with its reason", () => {
  test("localizers and secondary captures", () => {
    expect(split(localizer("one"))).toMatchObject({
      volumes: [],
      leftOut: [{ code: "LOCALIZER" }, { code: "LOCALIZER" }],
    });
    expect(split(secondaryCapture("one"))).toMatchObject({
      volumes: [],
      leftOut: [{ code: "SECONDARY_CAPTURE" }],
    });
  });

  test("a lone image across the others", () => {
    const scout = rampSeries({ series: "ramp", stack: { orientation: coronal, sliceOffsetsMm: [0] } });
    const decision = split([...rampSeries(), ...scout.map(({ bytes }) => ({ bytes: renamed(bytes) }))]);
    expect(decision.volumes).toMatchObject([{ geometry: { slices: 12 }, regular: true }]);
    expect(codes(decision.leftOut)).toEqual(["OTHER_ORIENTATION"]);
  });

  test("an image without the rescale of its series", () => {
    const [first, ...rest] = rampSeries();
    const bare = rampSeries({ attributes: { RescaleSlope: undefined, RescaleIntercept: undefined } })[0]!;
    expect(first!.bytes.length).toBeGreaterThan(bare.bytes.length);
    const decision = split([bare, ...rest]);
    expect(decision.volumes).toMatchObject([{ geometry: { slices: 11 } }]);
    expect(codes(decision.leftOut)).toEqual(["RESCALE_MISSING"]);
  });

  test.each([
    ["BAD_GEOMETRY", { ImageOrientationPatient: ["0", "0", "0", "0", "0", "0"] }],
    ["BAD_GEOMETRY", { ImageOrientationPatient: ["1", "0", "0", "1", "0", "0"] }],
    ["BAD_GEOMETRY", { ImageOrientationPatient: ["1", "0", "0", "0", "1"] }],
    ["BAD_GEOMETRY", { ImagePositionPatient: ["1", "2"] }],
    ["BAD_GEOMETRY", { PixelSpacing: ["0", "0"] }],
    ["BAD_GEOMETRY", { PixelSpacing: ["1.0E", "1"] }],
    ["NO_GEOMETRY", { ImagePositionPatient: undefined }],
    ["BAD_MATRIX", { Rows: 0 }],
    ["PIXELS_MISSING", { Rows: 65_535 }],
    ["BAD_PIXEL_FORMAT", { BitsStored: 17 }],
    ["BAD_FRAME_COUNT", { NumberOfFrames: -1 }],
    ["COLOUR_IMAGE", { SamplesPerPixel: 3 }],
    ["BAD_RESCALE", { RescaleSlope: "0" }],
  ])("%s: %o", (code, attributes) => {
    const decision = split(rampSeries({ stack: { sliceOffsetsMm: [0] }, attributes }));
    expect(decision).toMatchObject({ volumes: [], leftOut: [{ code }] });
  });
});

describe("the same place twice", () => {
  const files = rampSeries();

  test("a copy under another SOP Instance UID is left out", () => {
    const decision = split([...files, { bytes: renamed(files[3]!.bytes) }]);
    expect(decision.volumes).toMatchObject([{ geometry: { slices: 12 }, regular: true }]);
    expect(codes(decision.leftOut)).toEqual(["DUPLICATE_POSITION"]);
  });

  test("another image there, told apart by nothing, refuses the volume", () => {
    const other = rampSeries({ ramp: { a: 1, b: 1, c: 1, k: 0 } })[3]!;
    const decision = split([...files, { bytes: renamed(other.bytes) }]);
    expect(decision.volumes).toEqual([]);
    expect(new Set(codes(decision.leftOut))).toEqual(new Set(["AMBIGUOUS_POSITION"]));
    expect(decision.leftOut).toHaveLength(13);
  });

  test("the same object twice, and another object under its UID", () => {
    expect(codes(split([...files, files[0]!]).leftOut)).toEqual(["DUPLICATE"]);
    const other = rampSeries({ ramp: { a: 1, b: 1, c: 1, k: 0 } })[0]!;
    expect(codes(split([...files, other]).leftOut)).toEqual(["SOP_INSTANCE_UID_REUSED"]);
  });
});

test.each([
  ["MIXED_PIXEL_SPACING", { columnSpacingMm: 2 }, { pixelSpacingMm: "2x1" }],
  ["MIXED_MATRIX_SIZES", { columns: 10 }, { matrix: "10x16" }],
] as const)("%s makes two volumes that say so", (code, stack, expected) => {
  const below = evenOffsets(6, 2).map((offset) => offset + 60);
  const other = rampSeries({ stack: { sliceOffsetsMm: below, ...stack } });
  const decision = split([...rampSeries(), ...other.map(({ bytes }) => ({ bytes: renamed(bytes) }))]);
  expect(decision.volumes.map((plan) => plan.geometry.slices)).toEqual([12, 6]);
  expect(decision.volumes[1]!.split).toEqual(expected);
  for (const plan of decision.volumes) expect(codes(plan.findings)).toEqual([code]);
});

test("a series without objects is the caller's mistake", () => {
  expect(() => splitSeries(seriesObjects([]))).toThrow(RangeError);
});

/** The same object under another SOP Instance UID: its last digit changed, in the meta information and the data set. */
function renamed(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const [uid] = /2\.25\.\d{30,}/.exec(text.slice(text.indexOf("\x08\x00\x18\x00UI")))!;
  const other = `${uid.slice(0, -1)}${(Number(uid.at(-1)) + 1) % 10}`;
  return Uint8Array.from(Buffer.from(text.replaceAll(uid, other), "latin1"));
}
