import { expect, test } from "vitest";
import { accepts, parseAccept } from "./accept.ts";

test("parts, their type and their transfer syntax are told apart", () => {
  const header = 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80';
  expect(parseAccept(header)).toMatchObject([
    { type: "application/dicom", multipart: true, transferSyntaxUid: "1.2.840.10008.1.2.4.80" },
  ]);
});

test("preference decides the order, zero excludes, quotes hide commas", () => {
  const header =
    'application/json;q=0.2, multipart/related;type="a/b;c,d", application/dicom+json;q=0.9, text/xml;q=0';
  expect(parseAccept(header).map((one) => one.type)).toEqual([
    "a/b;c,d",
    "application/dicom+json",
    "application/json",
  ]);
});

test("no header takes everything, as stored", () => {
  expect(parseAccept(undefined)).toMatchObject([{ type: "*/*", transferSyntaxUid: "*" }]);
  expect(accepts(parseAccept(undefined), "application/dicom+json")).toBe(true);
});

test.each([
  ["application/*", "application/dicom+json", true],
  ["*/*", "application/dicom+json", true],
  ["application/dicom+xml", "application/dicom+json", false],
  ["nonsense", "application/dicom+json", false],
])("%s takes %s: %s", (header, type, taken) => {
  expect(accepts(parseAccept(header), type)).toBe(taken);
});
