import { part10 } from "@releve/testkit/phantom/part10";
import type { Digest } from "@releve/domain/ids";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import { expect, test } from "vitest";
import { jobMeasurements } from "./job-measurements.ts";

const sr = "1.2.840.10008.5.1.4.1.1.88.33";
const stored = (digest: string, sopClassUid: string) => ({ digest, sopClassUid }) as unknown as StoredObject;

const coded = (CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string) => [
  { CodeValue, CodingSchemeDesignator, CodeMeaning },
];
const report = part10({
  SOPClassUID: sr,
  SOPInstanceUID: "2.25.1",
  StudyInstanceUID: "2.25.2",
  SeriesInstanceUID: "2.25.3",
  ConceptNameCodeSequence: coded("126000", "DCM", "Imaging Measurement Report"),
  ContentSequence: [
    {
      ConceptNameCodeSequence: coded("126010", "DCM", "Imaging Measurements"),
      ContentSequence: [
        {
          ConceptNameCodeSequence: coded("125007", "DCM", "Measurement Group"),
          ContentSequence: [
            {
              ValueType: "NUM",
              ConceptNameCodeSequence: coded("112058", "DCM", "Calcium score"),
              MeasuredValueSequence: [
                { NumericValue: "576", MeasurementUnitsCodeSequence: coded("1", "UCUM", "no units") },
              ],
            },
          ],
        },
      ],
    },
  ],
});

test("only reports are read, and each by its digest", async () => {
  const asked: Digest[] = [];
  const readObject = async (digest: Digest) => {
    asked.push(digest);
    return report;
  };
  const outputs = [stored("mask", "1.2.840.10008.5.1.4.1.1.66.4"), stored("report", sr)];
  const read = await jobMeasurements(outputs, readObject);
  expect(asked).toEqual(["report"]);
  expect(
    read.map(({ groups }) => groups.map((group) => group.measurements.map(({ value }) => value))),
  ).toEqual([[[576]]]);
});
