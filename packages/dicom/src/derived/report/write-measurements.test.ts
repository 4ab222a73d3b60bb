import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import type { Attributes } from "../../data-set/attributes.ts";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import type { DerivationSource } from "../derivation-context.ts";
import type { Measurements } from "../derived-output.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import { lungReport, lungs } from "../outputs-fixture.ts";
import { writeMeasurements } from "./write-measurements.ts";

const source = sourceOf(sourceObject("CT"));

function readBack(report: Measurements = lungReport, from: DerivationSource = source) {
  const written = writeMeasurements(report, [lungs, report], from, context);
  if (isRefusal(written)) throw new Error(written.reason);
  return parseDicom(written[0]!.bytes);
}

const children = (item: Attributes) => item.items("ContentSequence");
const nameOf = (item: Attributes) => item.items("ConceptNameCodeSequence")[0]?.string("CodeMeaning");
const named = (items: readonly Attributes[], name: string) => items.filter((item) => nameOf(item) === name);
const valueOf = (item: Attributes) =>
  item.items("ConceptCodeSequence")[0]?.string("CodeValue") ?? item.string("TextValue") ?? item.string("UID");

function groupsOf(report?: Measurements) {
  const [container] = named(children(readBack(report).attributes), "Imaging Measurements");
  return children(container!);
}

test("a Comprehensive SR by TID 1500 in the source's study, complete and unverified", () => {
  const { attributes, ...object } = readBack();
  expect(object.warnings).toEqual([]);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.88.33");
  expect(object.sopInstanceUid).toBe(derivedUid(`instance ${context.jobId} lung-report 0`));
  expect(nameOf(attributes)).toBe("Imaging Measurement Report");
  expect(attributes.items("ContentTemplateSequence")[0]!.string("TemplateIdentifier")).toBe("1500");
  expect(attributes.string("CompletionFlag")).toBe("COMPLETE");
  expect(attributes.string("VerificationFlag")).toBe("UNVERIFIED");
  expect(attributes.has("FrameOfReferenceUID")).toBe(false);
  expect(children(attributes).map(nameOf)).toEqual([
    "Language of Content Item and Descendants",
    "Observer Type",
    "Device Observer UID",
    "Device Observer Name",
    "Device Observer Manufacturer",
    "Device Observer Model Name",
    "Procedure reported",
    "Image Library",
    "Imaging Measurements",
    "Comment",
    "Comment",
  ]);
  expect(named(children(attributes), "Comment").map(valueOf)).toEqual(lungReport.remarks);
});

test("a number has its unit, its method and how it was derived", () => {
  const [left] = groupsOf();
  const [volume] = named(children(left!), "Volume");
  const [measured] = volume!.items("MeasuredValueSequence");
  expect(measured!.string("NumericValue")).toBe("2812.5");
  expect(measured!.has("FloatingPointValue")).toBe(false);
  expect(measured!.items("MeasurementUnitsCodeSequence")[0]!.string("CodeValue")).toBe("ml");
  const [mean] = named(children(left!), "Attenuation Coefficient");
  expect(children(mean!).map((item) => [nameOf(item), valueOf(item)])).toEqual([
    ["Measurement Method", "126410"],
    ["Derivation", "373098007"],
  ]);
});

test("a number that a Decimal String cannot hold is beside it as a double", () => {
  const [left] = groupsOf();
  const [mean] = named(children(left!), "Attenuation Coefficient");
  const [measured] = mean!.items("MeasuredValueSequence");
  expect(measured!.number("FloatingPointValue")).toBe(-1 / 3);
  expect(Math.abs(measured!.number("NumericValue")! + 1 / 3)).toBeLessThan(1e-12);
});

test("a group names what was measured, where, by which algorithm and engine, and has its own tracking UID", () => {
  const [left, body] = groupsOf();
  const facts = (name: string) => named(children(left!), name).map(valueOf);
  expect(facts("Tracking Identifier")).toEqual(["left lung"]);
  expect(facts("Finding Site")).toEqual(["39607008"]);
  expect(named(children(named(children(left!), "Finding Site")[0]!), "Laterality").map(valueOf)).toEqual([
    "7771000",
  ]);
  expect(facts("Algorithm Name")).toEqual(["mpr"]);
  expect(facts("Algorithm Version")).toEqual(["1.0.0"]);
  expect(facts("Algorithm Parameters")).toEqual(["engine gpu.js/webasm"]);
  expect(facts("Severity")).toEqual(["255604002"]);
  const tracking = [left, body].map((group) =>
    valueOf(named(children(group!), "Tracking Unique Identifier")[0]!),
  );
  expect(new Set(tracking).size).toBe(2);
  expect(
    groupsOf().map((group) => group.items("ContentTemplateSequence")[0]!.string("TemplateIdentifier")),
  ).toEqual(["1411", "1501"]);
});

test("a segment is referred to by the UID that its segmentation has, and is part of the evidence", () => {
  const segmentation = derivedUid(`instance ${context.jobId} lungs 0`);
  const [left] = groupsOf();
  const [reference] = named(children(left!), "Referenced Segment")[0]!.items("ReferencedSOPSequence");
  expect(reference!.string("ReferencedSOPInstanceUID")).toBe(segmentation);
  expect(reference!.number("ReferencedSegmentNumber")).toBe(1);
  const [study] = readBack().attributes.items("CurrentRequestedProcedureEvidenceSequence");
  const evidence = study!
    .items("ReferencedSeriesSequence")
    .map((series) => [
      series.string("SeriesInstanceUID"),
      series.items("ReferencedSOPSequence").map((item) => item.string("ReferencedSOPInstanceUID")),
    ]);
  expect(evidence).toEqual([
    [source.attributes.string("SeriesInstanceUID"), ["2.25.1001", "2.25.1002"]],
    [derivedUid(`series ${context.jobId} lungs`), [segmentation]],
  ]);
});

test("the image library lists the source images by series", () => {
  const sources = source.sources.map((reference, index) => ({
    ...reference,
    seriesInstanceUid: `2.25.${index}`,
  }));
  const [library] = named(children(readBack(lungReport, { ...source, sources }).attributes), "Image Library");
  const listed = children(library!).map((group) =>
    children(group).map(
      (item) => valueOf(item) ?? item.items("ReferencedSOPSequence")[0]!.string("ReferencedSOPInstanceUID"),
    ),
  );
  expect(listed).toEqual([
    ["CT", "2.25.1001"],
    ["CT", "2.25.1002"],
  ]);
});

const [first] = lungReport.groups;
const measuring = (value: number) => [{ ...first!, measurements: [{ ...first!.measurements[0]!, value }] }];

test.each([
  ["NaN", { groups: measuring(NaN) }, "MEASUREMENT_NOT_FINITE"],
  ["infinity", { groups: measuring(-Infinity) }, "MEASUREMENT_NOT_FINITE"],
  ["no group", { groups: [] }, "MEASUREMENTS_MISSING"],
  [
    "a third segment of two",
    { groups: [{ ...first!, segment: { key: "lungs", number: 3 } }] },
    "SEGMENT_UNKNOWN",
  ],
  [
    "an unknown segmentation",
    { groups: [{ ...first!, segment: { key: "liver", number: 1 } }] },
    "SEGMENT_UNKNOWN",
  ],
])("refused: %s", (_, more, code) => {
  const report = { ...lungReport, ...more };
  expect(writeMeasurements(report, [lungs, report], source, context)).toMatchObject({ refused: code });
});
