import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import type { Measurements } from "../derived-output.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import { lungReport, lungs } from "../outputs-fixture.ts";
import { readMeasurements } from "./read-measurements.ts";
import { writeMeasurements } from "./write-measurements.ts";

function readBack(report: Measurements) {
  const written = writeMeasurements(report, [lungs, report], sourceOf(sourceObject("CT")), context);
  if (isRefusal(written)) throw new Error(written.reason);
  return readMeasurements(parseDicom(written[0]!.bytes));
}

test("what was written comes back: numbers to the last bit, units, methods, regions, remarks", () => {
  const algorithm = { name: "mpr", version: "1.0.0", parameters: "engine gpu.js/webasm" };
  const [left, body] = lungReport.groups;
  expect(readBack(lungReport)).toEqual({
    sopInstanceUid: derivedUid(`instance ${context.jobId} lung-report 0`),
    title: "Lung density",
    procedure: lungReport.procedure,
    groups: [
      {
        label: "left lung",
        finding: left!.finding,
        site: left!.site,
        laterality: left!.laterality,
        segment: { sopInstanceUid: derivedUid(`instance ${context.jobId} lungs 0`), number: 1 },
        algorithm,
        measurements: left!.measurements,
      },
      { label: "whole body", algorithm, measurements: body!.measurements },
    ],
    remarks: lungReport.remarks,
  });
});

test("a unit of more than 16 characters is one, too", () => {
  const long = {
    codeValue: "g/ml{SUVlbm(Janma)}",
    codingSchemeDesignator: "UCUM",
    codeMeaning: "Standardized Uptake Value lean body mass (Janma)",
  };
  const [group] = lungReport.groups;
  const measurements = [{ ...group!.measurements[0]!, unit: long }];
  const read = readBack({ ...lungReport, groups: [{ ...group!, measurements }] });
  expect(isRefusal(read) ? read : read.groups[0]!.measurements).toEqual(measurements);
});

test("the points of a curve come back with their places on the axis", () => {
  const [group] = lungReport.groups;
  const [point] = group!.measurements;
  const axis = {
    concept: { ...point!.concept, codeValue: "TIME" },
    unit: { ...point!.unit, codeValue: "s" },
  };
  const measurements = [0, 1.5, 1 / 3].map((value) => ({
    ...point!,
    value: value ** 2,
    at: { ...axis, value },
  }));
  const read = readBack({ ...lungReport, groups: [{ ...group!, measurements }] });
  expect(isRefusal(read) ? read : read.groups[0]!.measurements).toEqual(measurements);
});

test("an image is no report", () => {
  expect(readMeasurements(sourceObject("CT"))).toMatchObject({ refused: "NOT_A_MEASUREMENT_REPORT" });
});
