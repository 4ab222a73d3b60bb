import { part10 } from "@releve/testkit/phantom/part10";
import { expect, test } from "vitest";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { singleFrameGroups } from "./frame-groups.ts";
import { acquisitionMs, contentMs, unreadableTime } from "./frame-time.ts";

const uids = {
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.4",
  SOPInstanceUID: "2.25.1",
  StudyInstanceUID: "2.25.2",
  SeriesInstanceUID: "2.25.3",
};
const groups = (attributes: object) =>
  singleFrameGroups(parseDicom(part10({ ...uids, ...attributes })).attributes);

test.each([
  [{ AcquisitionDate: "20240102", AcquisitionTime: "081539.250" }, Date.UTC(2024, 0, 2, 8, 15, 39, 250)],
  [{ AcquisitionDate: "20240102", AcquisitionTime: "08:15:39" }, Date.UTC(2024, 0, 2, 8, 15, 39)],
  [{ AcquisitionTime: "000001" }, 1000],
  [{ AcquisitionDateTime: "20240102081539.5+0100" }, Date.UTC(2024, 0, 2, 8, 15, 39, 500)],
  [{}, undefined],
])("%o", (attributes, expected) => {
  expect(acquisitionMs(groups(attributes))).toBe(expected);
});

test("midnight is crossed by the date", () => {
  const before = acquisitionMs(groups({ AcquisitionDate: "20240102", AcquisitionTime: "235959" }))!;
  const after = acquisitionMs(groups({ AcquisitionDate: "20240103", AcquisitionTime: "000001" }))!;
  expect(after - before).toBe(2000);
});

test("a time that cannot be read is told apart by its text alone", () => {
  const odd = groups({ AcquisitionTime: "0944.000", ContentTime: "0944.000" });
  expect(acquisitionMs(odd)).toBeUndefined();
  expect(contentMs(odd)).toBeUndefined();
  expect(unreadableTime(odd)).toBe("0944.000");
});
