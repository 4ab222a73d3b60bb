import { expect, test } from "vitest";
import type { MeasurementReport } from "../app/answers.ts";
import { alignedRows, curveSets, withoutCurves } from "./report-curves.ts";

const concept = (codeValue: string) => ({
  codeValue,
  codingSchemeDesignator: "99RELEVE",
  codeMeaning: codeValue,
});
const point = (x: number, y: number) => ({
  concept: concept("HU"),
  unit: concept("HU"),
  value: y,
  at: { concept: concept("TIME"), unit: concept("s"), value: x },
});
const report: MeasurementReport = {
  sopInstanceUid: "2.25.1",
  title: "",
  remarks: [],
  groups: [
    { label: "volume", measurements: [{ concept: concept("V"), unit: concept("ml"), value: 3 }] },
    { label: "artery", measurements: [point(0, 1), point(2, 5)] },
    { label: "vein", measurements: [point(2, 4), point(4, 3)] },
  ],
};

test("curves of one quantity over one axis are drawn together, and the rest stays numbers", () => {
  const [set, ...others] = curveSets(report);
  expect(others).toEqual([]);
  expect(set!.curves.map(({ label }) => label)).toEqual(["artery", "vein"]);
  expect(alignedRows(set!)).toEqual([
    [0, [1, null]],
    [2, [5, 4]],
    [4, [null, 3]],
  ]);
  expect(withoutCurves(report).groups.map(({ label }) => label)).toEqual(["volume"]);
});
