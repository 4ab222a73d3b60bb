import { expect, test } from "vitest";
import { parseQuery } from "./parse-query.ts";

test("keywords, tags, paths, limit and offset are understood", () => {
  const asked = parseQuery(
    {
      PatientName: "a*",
      "00200013": "4",
      "RequestAttributesSequence.00401001": "P1",
      limit: "5",
      offset: "2",
    },
    "instance",
  );
  expect(asked).toEqual({
    keys: [
      // An object's integer keys come first.
      { path: ["00100010"], vr: "PN", value: "a*" },
      { path: ["00200013"], vr: "IS", value: "4" },
      { path: ["00400275", "00401001"], vr: "SH", value: "P1" },
    ],
    limit: 5,
    offset: 2,
    fuzzy: false,
  });
});

test("the limit is capped, includefield says nothing new", () => {
  const asked = parseQuery({ limit: "999999", includefield: ["all", "x"], fuzzymatching: "true" }, "study");
  expect(asked).toEqual({ keys: [], limit: 1000, offset: 0, fuzzy: true });
});

test.each([
  [{ limit: "-1" }, "study"],
  [{ offset: "x" }, "study"],
  [{ NoSuchKeyword: "1" }, "study"],
  [{ "PatientID.": "1" }, "study"],
  [{ Modality: "CT" }, "study"],
  [{ InstanceNumber: "1" }, "series"],
  [{ PatientWeight: "70" }, "instance"],
] as const)("%j at the level of the %s is refused", (query, level) => {
  expect(parseQuery(query, level)).toMatchObject({ refused: "BAD_QUERY" });
});
