import { expect, test } from "vitest";
import { matchesAll } from "./query-match.ts";

const attributes = {
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller^Anna", Ideographic: "ミュラー" }] },
  "00100020": { vr: "LO", Value: ["A.17"] },
  "00080020": { vr: "DA", Value: ["20240229"] },
  "00080030": { vr: "TM", Value: ["103015.25"] },
  "0020000D": { vr: "UI", Value: ["1.2.3"] },
  "00080060": { vr: "CS", Value: ["CT"] },
  "00280010": { vr: "US", Value: [512] },
  "00200013": { vr: "IS", Value: [7] },
  "00080050": { vr: "SH" },
  "00400275": { vr: "SQ", Value: [{ "00401001": { vr: "SH", Value: ["P1"] } }] },
};

test.each([
  ["00100010", "PN", "müller*", true],
  ["00100010", "PN", "M?ller^Anna", true],
  ["00100010", "PN", "ミュラー", true],
  ["00100010", "PN", "Anna", false],
  ["00100020", "LO", "A.17", true],
  ["00100020", "LO", "Ax17", false],
  ["00100020", "LO", "A*", true],
  ["00100020", "LO", "(A", false],
  ["00080020", "DA", "20240229", true],
  ["00080020", "DA", "20240101-20240301", true],
  ["00080020", "DA", "20240301-", false],
  ["00080020", "DA", "-20240228", false],
  ["00080020", "DA", "-20240229", true],
  ["00080030", "TM", "1030", true],
  ["00080030", "TM", "10-10", true],
  ["00080030", "TM", "103016-", false],
  ["00080030", "TM", "09:00:00-10:30:15", true],
  ["0020000D", "UI", "9.9,1.2.3", true],
  ["0020000D", "UI", "9.9\\1.2.3", true],
  ["0020000D", "UI", "1.2", false],
  ["0020000D", "UI", "1.2.*", false],
  ["00080060", "CS", "MR", false],
  ["00280010", "US", "512", true],
  ["00200013", "IS", "07", true],
  ["00200013", "IS", "x", false],
  ["00080050", "SH", "", true],
  ["00080050", "SH", "*", true],
  ["00080050", "SH", "1", false],
  ["00999999", "SH", "*", true],
])("%s %s=%s: %s", (tag, vr, value, found) => {
  expect(matchesAll(attributes, [{ path: [tag], vr, value }])).toBe(found);
});

test("a key descends into a sequence", () => {
  const key = { path: ["00400275", "00401001"], vr: "SH", value: "P1" };
  expect(matchesAll(attributes, [key])).toBe(true);
  expect(matchesAll(attributes, [{ ...key, value: "P2" }])).toBe(false);
  expect(matchesAll({}, [key])).toBe(false);
});

test("a pattern of many asterisks is answered at once", () => {
  const long = { "00100020": { vr: "LO", Value: ["a".repeat(1024)] } };
  const value = `${"*".repeat(200)}b`;
  expect(matchesAll(long, [{ path: ["00100020"], vr: "LO", value }])).toBe(false);
});
