// @ts-ignore dcmjs ships no types
import dcmjs from "dcmjs";
import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import type { DerivationSource } from "./derivation-context.ts";
import type { DerivedSeries } from "./derived-series.ts";
import { context, coronalSeries, sourceObject, sourceOf } from "./derived-fixture.ts";
import type { WrittenObject } from "./result-identity.ts";
import { writeDerived } from "./write-derived.ts";

function written(
  source: DerivationSource,
  series: DerivedSeries = coronalSeries(),
): readonly WrittenObject[] {
  const result = writeDerived(series, source, context);
  if (isRefusal(result)) throw new Error(result.reason);
  return result;
}

const readBack = (source: DicomObject, more: Partial<DerivationSource> = {}, series?: DerivedSeries) =>
  parseDicom(written(sourceOf(source, more), series)[0]!.bytes);

/** Real-world values of a written object; padding as NaN. */
function realValues(object: DicomObject): number[] {
  const { attributes, bytes, pixelData } = object;
  if (pixelData?.kind !== "native") throw new Error("no native pixels");
  const stored = bytes.slice(pixelData.offset, pixelData.offset + pixelData.length).buffer;
  const signed = attributes.number("PixelRepresentation") === 1;
  const slope = attributes.number("RescaleSlope")!;
  const intercept = attributes.number("RescaleIntercept")!;
  const padding = attributes.number("PixelPaddingValue");
  return Array.from(signed ? new Int16Array(stored) : new Uint16Array(stored), (value) =>
    value === padding ? NaN : value * slope + intercept,
  );
}

test("a CT result is a new series in the study and frame of reference of its source", () => {
  const source = sourceObject("CT");
  const { attributes, ...object } = readBack(source);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.2");
  expect(object.transferSyntaxUid).toBe("1.2.840.10008.1.2.1");
  expect(object.warnings).toEqual([]);
  expect(object.studyInstanceUid).toBe(source.studyInstanceUid);
  expect(object.seriesInstanceUid).toBe(derivedUid(`series ${context.jobId} coronal`));
  expect(object.sopInstanceUid).toBe(derivedUid(`instance ${context.jobId} coronal 0`));
  expect(attributes.string("FrameOfReferenceUID")).toBe(source.attributes.string("FrameOfReferenceUID"));
  expect(attributes.strings("ImageType")).toEqual(["DERIVED", "SECONDARY", "AXIAL", "MPR"]);
  expect(attributes.string("PatientID")).toBe("PHANTOM-1");
  expect(attributes.string("KVP")).toBe("120");
  expect(attributes.number("InstanceNumber")).toBe(1);
  expect(Math.floor(attributes.number("SeriesNumber")! / 100)).toBe(4);
});

test("the plane of an image is written from its steps", () => {
  const { attributes } = readBack(sourceObject("CT"));
  expect(attributes.numbers("PixelSpacing")).toEqual([0.9, 0.7]);
  expect(attributes.numbers("ImageOrientationPatient")).toEqual([1, 0, 0, 0, 0, -1]);
  expect(attributes.numbers("ImagePositionPatient")).toEqual([-10.123456789012, 0, 30]);
  expect(attributes.number("SliceThickness")).toBe(1.5);
  expect(attributes.number("SpacingBetweenSlices")).toBe(1.5);
});

test("it says what was done, from which images and by whom", () => {
  const { attributes } = readBack(sourceObject("CT"));
  expect(attributes.items("DerivationCodeSequence")[0]?.string("CodeValue")).toBe("113072");
  const sources = attributes.items("SourceImageSequence");
  expect(sources.map((item) => item.string("ReferencedSOPInstanceUID"))).toEqual(["2.25.1001", "2.25.1002"]);
  expect(sources[0]?.items("PurposeOfReferenceCodeSequence")[0]?.string("CodeValue")).toBe("121322");
  const equipment = attributes
    .items("ContributingEquipmentSequence")
    .map((item) => [
      item.items("PurposeOfReferenceCodeSequence")[0]?.string("CodeValue"),
      item.string("Manufacturer"),
    ]);
  expect(equipment).toEqual([
    ["109101", "RELEVE PHANTOM"],
    ["109102", "Relève"],
  ]);
  expect(attributes.string("Manufacturer")).toBe("Relève");
});

test("every value is within half a step, and only what lies outside the volume is padding", () => {
  const series = coronalSeries((index) => Math.sin(index) * 900 + 0.123);
  const object = readBack(sourceObject("CT"), {}, series);
  const slope = object.attributes.number("RescaleSlope")!;
  expect(slope).toBeLessThanOrEqual(0.5);
  const expected = Array.from(series.images[0]!.values);
  const errors = realValues(object).map((value, index) => Math.abs(value - expected[index]!));
  expect(errors[0]).toBeNaN();
  expect(Math.max(...errors.slice(1))).toBeLessThanOrEqual(slope / 2);
});

test("dcmjs reads the same text, sequences and pixels", () => {
  const source = sourceObject("CT", { PatientName: [{ Alphabetic: "Øre^Zoë" }] });
  const [file] = written(sourceOf(source));
  const dict = dcmjs.data.DicomMessage.readFile(file!.bytes.buffer.slice(0));
  const dataSet = dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict.dict);
  expect(dataSet.PatientName[0].Alphabetic).toBe("Øre^Zoë");
  expect(dataSet.ImagePositionPatient).toEqual([-10.123456789012, 0, 30]);
  expect(dataSet.SourceImageSequence).toHaveLength(2);
  expect(dataSet.PixelPaddingValue).toBe(-32_768);
  expect(dataSet.PixelData[0].byteLength).toBe(16 * 8 * 2);
});

test("text of another character set is decoded and written in UTF-8", () => {
  const identity = sourceObject("CT", { StudyDescription: "T~te et cou" }).bytes;
  const latin1 = Buffer.from(identity)
    .toString("latin1")
    .replace("ISO_IR 192", "ISO_IR 100")
    .replace("T~te", "T\u00eate");
  const source = parseDicom(new Uint8Array(Buffer.from(latin1, "latin1")));
  const { attributes, bytes } = readBack(source);
  expect(attributes.string("SpecificCharacterSet")).toBe("ISO_IR 192");
  expect(attributes.string("StudyDescription")).toBe("Tête et cou");
  expect(Buffer.from(bytes).includes(Buffer.from("Tête et cou", "utf8"))).toBe(true);
});

test("the same request at the same time gives the same bytes; another job gives other objects", () => {
  const source = sourceOf(sourceObject("CT"));
  const first = written(source);
  expect(written(source).map(({ bytes }) => Buffer.from(bytes))).toEqual(
    first.map(({ bytes }) => Buffer.from(bytes)),
  );
  const other = writeDerived(coronalSeries(), source, { ...context, jobId: "another" });
  if (isRefusal(other)) throw new Error(other.reason);
  expect(other[0]!.sopInstanceUid).not.toBe(first[0]!.sopInstanceUid);
  expect(new Set(first.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(3);
});

test("times are in UTC, or in the zone that the source states for all of its times", () => {
  const utc = readBack(sourceObject("CT")).attributes;
  expect([utc.string("ContentDate"), utc.string("ContentTime")]).toEqual(["20260304", "050607.089"]);
  expect(utc.has("TimezoneOffsetFromUTC")).toBe(false);
  const west = readBack(sourceObject("CT", { TimezoneOffsetFromUTC: "-0530" })).attributes;
  expect([west.string("SeriesDate"), west.string("SeriesTime")]).toEqual(["20260303", "233607.089"]);
  expect(west.string("TimezoneOffsetFromUTC")).toBe("-0530");
});

test("no private tag of the source gets through", () => {
  const source = sourceObject("CT", {}, [
    ["00091010", "LO", "SECRET"],
    ["00090010", "LO", "ACME"],
  ]);
  expect(source.attributes.privateStrings(9, "ACME", 0x10)).toEqual(["SECRET"]);
  const { attributes, bytes } = readBack(source);
  expect(attributes.privateStrings(9, "ACME", 0x10)).toEqual([]);
  expect(Buffer.from(bytes).includes("SECRET")).toBe(false);
});

test("absent Type 2 attributes are written empty, invalid ones too, and invalid Type 3 ones are left out", () => {
  const source = sourceObject("CT", {
    KVP: undefined,
    StudyID: "longer than sixteen characters",
    PatientSex: "X",
    PatientAge: "12",
  });
  const { attributes } = readBack(source);
  for (const keyword of ["KVP", "StudyID", "PatientSex"])
    expect([keyword, attributes.has(keyword), attributes.string(keyword)]).toEqual([
      keyword,
      true,
      undefined,
    ]);
  expect(attributes.has("PatientAge")).toBe(false);
});

test("burned-in annotation and lossy compression are carried over, and never weakened", () => {
  const source = sourceObject("CT", {
    BurnedInAnnotation: "YES",
    LossyImageCompression: "01",
    LossyImageCompressionRatio: "12.5",
    LossyImageCompressionMethod: "ISO_15444_1",
  });
  const { attributes } = readBack(source);
  expect(attributes.string("BurnedInAnnotation")).toBe("YES");
  expect(attributes.string("LossyImageCompression")).toBe("01");
  expect(attributes.string("LossyImageCompressionRatio")).toBe("12.5");
  expect(attributes.string("LossyImageCompressionMethod")).toBe("ISO_15444_1");
  const forgetful = readBack(sourceObject("CT", { LossyImageCompression: "00" }), {
    transferSyntaxUid: "1.2.840.10008.1.2.4.50",
  });
  expect(forgetful.attributes.string("LossyImageCompression")).toBe("01");
});

test("the window is the series' own, else the source's; a width below 1 is said to be exact", () => {
  const source = sourceObject("CT", { WindowCenter: ["40", "600"], WindowWidth: ["400", "2000"] });
  expect(readBack(source).attributes.numbers("WindowCenter")).toEqual([40]);
  const narrow = readBack(source, {}, { ...coronalSeries(), window: { center: 0.3, width: 0.6 } }).attributes;
  expect(narrow.numbers("WindowWidth")).toEqual([0.6]);
  expect(narrow.string("VOILUTFunction")).toBe("LINEAR_EXACT");
});

test("MR: the sequence's attributes are copied, a conditional one only where the sequence has it", () => {
  const plain = readBack(sourceObject("MR", { InversionTime: "900" })).attributes;
  expect(plain.string("ScanningSequence")).toBe("GR");
  expect(plain.has("InversionTime")).toBe(false);
  const inverted = readBack(
    sourceObject("MR", { ScanningSequence: ["SE", "IR"], InversionTime: "900" }),
  ).attributes;
  expect(inverted.number("InversionTime")).toBe(900);
});

test("PET: intercept 0, the source's series time, and projections that turn are a reprojection", () => {
  const source = sourceObject("PT");
  const { attributes } = readBack(
    source,
    {},
    coronalSeries((index) => index * 7.5),
  );
  expect(attributes.number("RescaleIntercept")).toBe(0);
  expect(attributes.string("SeriesTime")).toBe("081000");
  expect(attributes.strings("SeriesType")).toEqual(["STATIC", "IMAGE"]);
  expect(attributes.number("NumberOfSlices")).toBe(3);
  expect(attributes.items("PatientGantryRelationshipCodeSequence")[0]?.string("CodeMeaning")).toBe(
    "headfirst",
  );
  expect(attributes.has("PatientPosition")).toBe(false);
  const turning = readBack(source, {}, { ...coronalSeries(), rotating: true }).attributes;
  expect(turning.strings("SeriesType")).toEqual(["STATIC", "REPROJECTION"]);
  expect(turning.has("SpacingBetweenSlices")).toBe(false);
});

const suvBw = {
  quantity: { codeValue: "126401", codingSchemeDesignator: "DCM", codeMeaning: "SUVbw" },
  unit: {
    codeValue: "g/ml{SUVbw}",
    codingSchemeDesignator: "UCUM",
    codeMeaning: "Standardized Uptake Value body weight",
  },
};

test("values that are another quantity than the source's say so, with unit, and take neither its units nor its window", () => {
  const series = { ...coronalSeries((index) => index * 0.013), realWorld: suvBw };
  const source = sourceObject("PT", { WindowCenter: "4000", WindowWidth: "8000" });
  const object = readBack(source, {}, series);
  const { attributes } = object;
  expect(attributes.string("Units")).toBe("GML");
  expect(attributes.string("SUVType")).toBe("BW");
  expect(attributes.has("WindowCenter")).toBe(false);
  const [mapping] = attributes.items("RealWorldValueMappingSequence");
  expect(mapping!.number("RealWorldValueSlope")).toBe(attributes.number("RescaleSlope"));
  expect(mapping!.number("RealWorldValueIntercept")).toBe(0);
  expect(mapping!.items("MeasurementUnitsCodeSequence")[0]!.string("CodeValue")).toBe("g/ml{SUVbw}");
  const [quantity] = mapping!.items("QuantityDefinitionSequence");
  expect(quantity!.items("ConceptNameCodeSequence")[0]!.string("CodeValue")).toBe("246205007");
  expect(quantity!.items("ConceptCodeSequence")[0]!.string("CodeValue")).toBe("126401");
  const errors = realValues(object).map((value, index) => Math.abs(value - series.images[0]!.values[index]!));
  expect(Math.max(...errors.slice(1))).toBeLessThanOrEqual(attributes.number("RescaleSlope")! / 2);
});

test("a unit of more than 16 characters is a long code value", () => {
  const unit = { ...suvBw.unit, codeValue: "g/ml{SUVlbm(James128)}" };
  const { attributes } = readBack(
    sourceObject("PT"),
    {},
    { ...coronalSeries(), realWorld: { ...suvBw, unit } },
  );
  const [written] = attributes
    .items("RealWorldValueMappingSequence")[0]!
    .items("MeasurementUnitsCodeSequence");
  expect(written!.string("LongCodeValue")).toBe("g/ml{SUVlbm(James128)}");
  expect(written!.has("CodeValue")).toBe(false);
  expect(attributes.string("SUVType")).toBe("LBMJAMES128");
});

test("a CT image of another quantity holds no Hounsfield units; a PET image refuses a unit that it cannot state", () => {
  const seconds = { codeValue: "s", codingSchemeDesignator: "UCUM", codeMeaning: "seconds" };
  const series = { ...coronalSeries(), realWorld: { ...suvBw, unit: seconds } };
  expect(readBack(sourceObject("CT"), {}, series).attributes.string("RescaleType")).toBe("US");
  expect(writeDerived(series, sourceOf(sourceObject("PT")), context)).toMatchObject({
    refused: "UNIT_NOT_WRITABLE",
  });
});

test.each([
  ["MR", { ScanningSequence: undefined }, "ScanningSequence (0018,0020)"],
  ["MR", { SequenceVariant: "SPOILED" }, "SequenceVariant (0018,0021)"],
  ["PT", { Units: undefined }, "Units (0054,1001)"],
  ["PT", { DecayFactor: undefined }, "DecayFactor (0054,1321)"],
  ["CT", { FrameOfReferenceUID: undefined }, "FrameOfReferenceUID (0020,0052)"],
  ["CT", { PatientID: "P".repeat(65) }, "PatientID (0010,0020)"],
] as const)("a %s source with %j is refused, naming the tag", (modality, attributes, named) => {
  const result = writeDerived(coronalSeries(), sourceOf(sourceObject(modality, attributes)), context);
  expect(result).toEqual({
    refused: "SOURCE_ATTRIBUTE_UNUSABLE",
    reason: `The source has no usable ${named}.`,
  });
});

test("other classes and sheared planes are refused", () => {
  const source = sourceOf(sourceObject("CT"));
  const ultrasound = { ...source, sopClassUid: "1.2.840.10008.5.1.4.1.1.6.1" };
  expect(writeDerived(coronalSeries(), ultrasound, context)).toMatchObject({
    refused: "SOURCE_CLASS_UNSUPPORTED",
  });
  const series = coronalSeries();
  const sheared = series.images.map((image) => ({
    ...image,
    geometry: { ...image.geometry, rowStepLps: [0.1, 0, -0.9] as const },
  }));
  expect(writeDerived({ ...series, images: sheared }, source, context)).toMatchObject({
    refused: "PLANE_SHEARED",
  });
});
