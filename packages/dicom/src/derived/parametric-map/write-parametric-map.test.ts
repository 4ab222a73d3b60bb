import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { Attributes } from "../../data-set/attributes.ts";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { decodeFrame } from "../../pixels/decode-frame.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import type { ParametricMap } from "../derived-output.ts";
import { adcMap } from "../outputs-fixture.ts";
import { writeParametricMap } from "./write-parametric-map.ts";

function readBack(map: ParametricMap = adcMap, source = sourceOf(sourceObject("MR"))) {
  const written = writeParametricMap(map, source, context);
  if (isRefusal(written)) throw new Error(written.reason);
  return parseDicom(written[0]!.bytes);
}

const shared = (attributes: Attributes, group: string) =>
  attributes.items("SharedFunctionalGroupsSequence")[0]!.items(group)[0]!;

test("one object of the source's modality, study and frame of reference", () => {
  const { attributes, ...object } = readBack();
  expect(object.warnings).toEqual([]);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.30");
  expect(object.sopInstanceUid).toBe(derivedUid(`instance ${context.jobId} adc 0`));
  expect(attributes.string("Modality")).toBe("MR");
  expect(attributes.number("BitsAllocated")).toBe(32);
  expect(attributes.has("BitsStored")).toBe(false);
});

test("every value is the float that was computed, frame by frame along the normal; only what was not measured is padding", async () => {
  const object = readBack();
  const padding = object.attributes.number("FloatPixelPaddingValue")!;
  const frames = await Promise.all([0, 1, 2].map((index) => decodeFrame(object, index)));
  const values = frames.map((frame) => {
    if (isRefusal(frame)) throw new Error(frame.reason);
    return [...frame.pixels].map((value) => (value === padding ? NaN : value));
  });
  const computed = [2, 1, 0].map((image) => [...adcMap.images[image]!.values]);
  expect(values).toEqual(computed);
  const positions = object.attributes
    .items("PerFrameFunctionalGroupsSequence")
    .map((frame) => frame.items("PlanePositionSequence")[0]!.numbers("ImagePositionPatient")[2]);
  expect(positions).toEqual([10, 12, 14]);
});

test("the real-world mapping states quantity, method, unit and the range of what was measured", () => {
  const mapping = shared(readBack().attributes, "RealWorldValueMappingSequence");
  expect(mapping.number("RealWorldValueSlope")).toBe(1);
  expect(mapping.number("RealWorldValueIntercept")).toBe(0);
  expect(mapping.number("DoubleFloatRealWorldValueFirstValueMapped")).toBe(Math.fround(1e-6));
  expect(mapping.number("DoubleFloatRealWorldValueLastValueMapped")).toBe(Math.fround(2014e-6));
  expect(mapping.items("MeasurementUnitsCodeSequence")[0]!.string("CodeValue")).toBe("mm2/s");
  const definitions = mapping
    .items("QuantityDefinitionSequence")
    .map((item) => [
      item.items("ConceptNameCodeSequence")[0]!.string("CodeMeaning"),
      item.items("ConceptCodeSequence")[0]!.string("CodeValue"),
    ]);
  expect(definitions).toEqual([
    ["Quantity", "113041"],
    ["Measurement Method", "113250"],
  ]);
});

test("the window is exact, the map's own or what was measured", () => {
  const own = shared(readBack().attributes, "FrameVOILUTSequence");
  expect([own.number("WindowCenter"), own.number("WindowWidth")]).toEqual([0.001, 0.002]);
  expect(own.string("VOILUTFunction")).toBe("LINEAR_EXACT");
  const { window: _, ...open } = adcMap;
  const found = shared(readBack(open).attributes, "FrameVOILUTSequence");
  expect(found.number("WindowCenter")! - found.number("WindowWidth")! / 2).toBeCloseTo(1e-6, 9);
  const flat = adcMap.images.map((image) => ({ ...image, values: new Float32Array(15).fill(NaN) }));
  expect(
    shared(readBack({ ...open, images: flat }).attributes, "FrameVOILUTSequence").number("WindowWidth"),
  ).toBe(1);
});

test("without a gap there is no padding value", () => {
  const images = adcMap.images.map((image) => ({
    ...image,
    values: image.values.map((value) => value || 1e-6),
  }));
  expect(readBack({ ...adcMap, images }).attributes.has("FloatPixelPaddingValue")).toBe(false);
});

test.each([
  [
    "the source's code",
    {
      AnatomicRegionSequence: [
        { CodeValue: "80891009", CodingSchemeDesignator: "SCT", CodeMeaning: "Heart" },
      ],
    },
    "80891009",
  ],
  ["its body part", { BodyPartExamined: "BRAIN" }, "12738006"],
  ["no smaller region than is known", { BodyPartExamined: undefined }, "38266002"],
])("the anatomy is %s", (_, more, code) => {
  const anatomy = shared(
    readBack(adcMap, sourceOf(sourceObject("MR", more))).attributes,
    "FrameAnatomySequence",
  );
  expect(anatomy.items("AnatomicRegionSequence")[0]!.string("CodeValue")).toBe(code);
});

const [first, second, third] = adcMap.images;
const turned = { ...second!, geometry: { ...second!.geometry, rowStepLps: [0, 0, 0.75] as const } };

test.each([
  ["planes that are turned", [first!, turned, third!], "PLANES_NOT_PARALLEL"],
  ["two planes at one place", [first!, second!, second!], "PLANES_COINCIDE"],
  ["too few values", [{ ...first!, values: new Float32Array(14) }, second!], "VALUES_MISFIT"],
  ["no image", [], "PLANES_MISSING"],
])("refused: %s", (_, images, code) => {
  const source = sourceOf(sourceObject("MR"));
  expect(writeParametricMap({ ...adcMap, images }, source, context)).toMatchObject({ refused: code });
});

test("a source without a frame of reference is refused", () => {
  const { frameOfReferenceUid: _, ...nowhere } = sourceOf(sourceObject("MR"));
  expect(writeParametricMap(adcMap, nowhere, context)).toMatchObject({
    refused: "SOURCE_ATTRIBUTE_UNUSABLE",
  });
});
