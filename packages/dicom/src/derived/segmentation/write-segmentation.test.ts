import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import type { DerivationSource } from "../derivation-context.ts";
import type { Segment, Segmentation } from "../derived-output.ts";
import { lungs, maskOf, planes } from "../outputs-fixture.ts";
import { dicomLab } from "./cie-lab.ts";
import { writeSegmentation } from "./write-segmentation.ts";

const source = sourceOf(sourceObject("CT"));

function readBack(output: Segmentation = lungs, from: DerivationSource = source) {
  const written = writeSegmentation(output, from, context);
  if (isRefusal(written)) throw new Error(written.reason);
  return parseDicom(written[0]!.bytes);
}

const refused = (more: Partial<Segmentation>, from: DerivationSource = source) =>
  writeSegmentation({ ...lungs, ...more }, from, context);

const withMasks = (masks: Segment["masks"]) => ({ segments: [{ ...lungs.segments[0]!, masks }] });

test("one object in the source's study and frame of reference, under the UIDs of job and key", () => {
  const { attributes, ...object } = readBack();
  expect(object.warnings).toEqual([]);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.66.4");
  expect(object.sopInstanceUid).toBe(derivedUid(`instance ${context.jobId} lungs 0`));
  expect(object.seriesInstanceUid).toBe(derivedUid(`series ${context.jobId} lungs`));
  expect(attributes.string("FrameOfReferenceUID")).toBe(source.frameOfReferenceUid);
  expect(attributes.string("PatientID")).toBe("PHANTOM-1");
  expect(attributes.string("Modality")).toBe("SEG");
});

test("masks are one run of bits over all frames, segment by segment; a plane without a pixel has no frame", () => {
  const { attributes, bytes, pixelData } = readBack();
  if (pixelData?.kind !== "native") throw new Error("no native pixels");
  // Frames of 15 pixels: bits 0 and 14; 15 + 7; 30 + 1, 2 and 3. One byte of padding.
  expect([...bytes.subarray(pixelData.offset, pixelData.offset + pixelData.length)]).toEqual([
    0b0000_0001, 0b0100_0000, 0b0100_0000, 0b1000_0000, 0b0000_0011, 0,
  ]);
  expect(attributes.number("NumberOfFrames")).toBe(3);
  const frames = attributes
    .items("PerFrameFunctionalGroupsSequence")
    .map((frame) => [
      frame.items("SegmentIdentificationSequence")[0]!.number("ReferencedSegmentNumber"),
      frame.items("PlanePositionSequence")[0]!.numbers("ImagePositionPatient"),
      frame.items("FrameContentSequence")[0]!.numbers("DimensionIndexValues"),
    ]);
  expect(frames).toEqual([
    [1, [-1, -2, 10], [1, 1]],
    [1, [-1, -2, 14], [1, 3]],
    [2, [-1, -2, 12], [2, 2]],
  ]);
});

test("dimensions are segment and position; spacing and direction are shared", () => {
  const { attributes } = readBack();
  const dimensions = attributes.items("DimensionIndexSequence");
  const words = (bytes: Uint8Array | undefined) => [...new Uint16Array(bytes!.slice().buffer)];
  expect(dimensions.map((item) => words(item.bytes("DimensionIndexPointer")))).toEqual([
    [0x62, 0x0b],
    [0x20, 0x32],
  ]);
  const [shared] = attributes.items("SharedFunctionalGroupsSequence");
  const [measures] = shared!.items("PixelMeasuresSequence");
  expect(measures!.numbers("PixelSpacing")).toEqual([0.75, 0.5]);
  expect(measures!.number("SpacingBetweenSlices")).toBe(2);
  const [orientation] = shared!.items("PlaneOrientationSequence");
  expect(orientation!.numbers("ImageOrientationPatient")).toEqual([1, 0, 0, 0, 1, 0]);
});

test("a segment says what it is and by what it was made; the side is with the anatomy where one is named", () => {
  const [left, right] = readBack().attributes.items("SegmentSequence");
  expect(left!.number("SegmentNumber")).toBe(1);
  expect(left!.string("SegmentLabel")).toBe("left lung");
  expect(left!.string("SegmentAlgorithmType")).toBe("AUTOMATIC");
  expect(left!.string("SegmentAlgorithmName")).toBe("lung threshold 1.2.0");
  const [type] = left!.items("SegmentedPropertyTypeCodeSequence");
  expect(type!.string("CodeValue")).toBe("39607008");
  expect(type!.items("SegmentedPropertyTypeModifierCodeSequence")[0]!.string("CodeMeaning")).toBe("Left");
  const [region] = right!.items("AnatomicRegionSequence");
  expect(region!.string("CodeMeaning")).toBe("Chest");
  expect(region!.items("AnatomicRegionModifierSequence")[0]!.string("CodeMeaning")).toBe("Right");
  const [algorithm] = left!.items("SegmentationAlgorithmIdentificationSequence");
  expect(algorithm!.string("AlgorithmVersion")).toBe("1.2.0");
});

test("colours are CIELab: white, black, and red as ICC profiles know it", () => {
  const lab = (rgb: readonly [number, number, number]) => {
    const [l, a, b] = dicomLab(rgb);
    return [(l! * 100) / 65_535, (a! * 255) / 65_535 - 128, (b! * 255) / 65_535 - 128];
  };
  const near = (got: number[], wanted: number[]) => {
    for (const [index, value] of wanted.entries()) expect(Math.abs(got[index]! - value)).toBeLessThan(0.02);
  };
  near(lab([255, 255, 255]), [100, 0, 0]);
  near(lab([0, 0, 0]), [0, 0, 0]);
  near(lab([255, 0, 0]), [54.29, 80.81, 69.89]);
});

test("on the source's own slices each frame names its slice; elsewhere all frames share all sources", () => {
  const [ct] = source.sources;
  const placed = planes.map(({ geometry }, index) => ({
    ...ct!,
    sopInstanceUid: `2.25.${2000 + index}`,
    frames: [{ frameNumber: 1, originLps: geometry.originLps }],
  }));
  const { attributes } = readBack(lungs, { ...source, sources: placed });
  const own = attributes.items("PerFrameFunctionalGroupsSequence").map((frame) => {
    const [image, ...others] = frame.items("DerivationImageSequence")[0]!.items("SourceImageSequence");
    return [image!.string("ReferencedSOPInstanceUID"), image!.has("ReferencedFrameNumber"), others.length];
  });
  expect(own).toEqual([
    ["2.25.2000", false, 0],
    ["2.25.2002", false, 0],
    ["2.25.2001", false, 0],
  ]);
  const [shared] = readBack().attributes.items("SharedFunctionalGroupsSequence");
  const images = shared!.items("DerivationImageSequence")[0]!.items("SourceImageSequence");
  expect(images.map((image) => image.string("ReferencedSOPInstanceUID"))).toEqual(["2.25.1001", "2.25.1002"]);
});

test("a frame of a multi-frame source is named by its number", () => {
  const frames = planes.map(({ geometry }, index) => ({
    frameNumber: index + 7,
    originLps: geometry.originLps,
  }));
  const { attributes } = readBack(lungs, { ...source, sources: [{ ...source.sources[0]!, frames }] });
  const numbers = attributes
    .items("PerFrameFunctionalGroupsSequence")
    .map((frame) =>
      frame
        .items("DerivationImageSequence")[0]!
        .items("SourceImageSequence")[0]!
        .number("ReferencedFrameNumber"),
    );
  expect(numbers).toEqual([7, 9, 8]);
});

test("sources of several series are listed by series", () => {
  const sources = [
    { ...source.sources[0]!, seriesInstanceUid: "2.25.5" },
    { ...source.sources[1]!, seriesInstanceUid: "2.25.6" },
  ];
  const { attributes } = readBack(lungs, { ...source, sources });
  const listed = attributes
    .items("ReferencedSeriesSequence")
    .map((item) => [item.string("SeriesInstanceUID"), item.items("ReferencedInstanceSequence").length]);
  expect(listed).toEqual([
    ["2.25.5", 1],
    ["2.25.6", 1],
  ]);
});

test("that nothing was found is a result: one empty frame for each segment", () => {
  const empty = {
    segments: lungs.segments.map((segment) => ({ ...segment, masks: planes.map(() => undefined) })),
  };
  const { attributes, bytes, pixelData } = readBack({ ...lungs, ...empty });
  if (pixelData?.kind !== "native") throw new Error("no native pixels");
  expect(attributes.number("NumberOfFrames")).toBe(2);
  expect(bytes.subarray(pixelData.offset).every((byte) => byte === 0)).toBe(true);
});

test("a source that lost detail makes a segmentation that says so", () => {
  const lossy = { ...source, transferSyntaxUid: "1.2.840.10008.1.2.4.50" };
  expect(readBack(lungs, lossy).attributes.string("LossyImageCompression")).toBe("01");
  expect(readBack().attributes.string("LossyImageCompression")).toBe("00");
});

const turned = { ...planes[1]!, geometry: { ...planes[1]!.geometry, columnStepLps: [0, 0.5, 0.1] as const } };
const wider = { ...planes[1]!, geometry: { ...planes[1]!.geometry, columnStepLps: [0.51, 0, 0] as const } };
const sheared = planes.map((plane) => ({
  ...plane,
  geometry: { ...plane.geometry, rowStepLps: [0.2, 0.75, 0] as const },
}));

test.each([
  ["no plane", { planes: [] }, "PLANES_MISSING"],
  ["a plane that is turned", { planes: [planes[0]!, turned, planes[2]!] }, "PLANES_NOT_PARALLEL"],
  ["a plane of wider pixels", { planes: [planes[0]!, wider, planes[2]!] }, "PLANES_NOT_PARALLEL"],
  ["one place twice", { planes: [planes[0]!, planes[1]!, planes[1]!] }, "PLANES_COINCIDE"],
  ["sheared planes", { planes: sheared }, "PLANE_SHEARED"],
  ["no segment", { segments: [] }, "SEGMENTS_MISSING"],
  ["a mask too few", withMasks([maskOf(1), maskOf(2)]), "MASK_MISFIT"],
  ["a short mask", withMasks([maskOf(1).subarray(1), undefined, undefined]), "MASK_MISFIT"],
  [
    "a mask of 255",
    withMasks([maskOf(1).map((value) => value * 255), undefined, undefined]),
    "MASK_NOT_BINARY",
  ],
])("refused: %s", (_, more, code) => {
  expect(refused(more)).toMatchObject({ refused: code });
});

test("a source without a frame of reference is refused, naming the tag", () => {
  const { frameOfReferenceUid: _, ...nowhere } = source;
  expect(refused({}, nowhere)).toEqual({
    refused: "SOURCE_ATTRIBUTE_UNUSABLE",
    reason: "The source has no usable FrameOfReferenceUID (0020,0052).",
  });
});
