import { expect, test } from "vitest";
import { field, file, imageFields, ordered, transferSyntaxes } from "../data-set/encode.fixture.ts";
import type { Field, Form } from "../data-set/encode.fixture.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { toDicomJson } from "./to-dicom-json.ts";

const forms = Object.keys(transferSyntaxes) as Form[];

function json(fields: readonly Field[], form: Form = "explicit little") {
  return toDicomJson(parseDicom(file(fields, form)).attributes, (tag) => `bulk/${tag}`);
}

test.each(forms)("%s gives the VRs of the dictionary, and numbers as numbers", (form) => {
  const fields = ordered(
    field(0x00080008, "CS", "ORIGINAL\\\\AXIAL"),
    field(0x00080005, "CS", "ISO_IR 192"),
    field(0x00100010, "PN", "Wang^XiaoDong==x"),
    field(0x00189087, "FD", [1000.5]),
    field(
      0x00280009,
      "AT",
      Uint8Array.from(form === "explicit big" ? [0, 0x18, 0x10, 0x63] : [0x18, 0, 0x63, 0x10]),
    ),
    field(0x00280106, "SS", [-7]),
    field(0x00089215, "SQ", [[field(0x00080100, "SH", "113076")], []]),
    ...imageFields(2, 2, { signed: 1 }),
    field(0x7fe00010, "OW", [1, 2, 3, 4]),
  );
  const found = json(fields, form);
  expect(found["00080008"]).toEqual({ vr: "CS", Value: ["ORIGINAL", null, "AXIAL"] });
  expect(found["00100010"]).toEqual({ vr: "PN", Value: [{ Alphabetic: "Wang^XiaoDong", Phonetic: "x" }] });
  expect(found["00189087"]).toEqual({ vr: "FD", Value: [1000.5] });
  expect(found["00280009"]).toEqual({ vr: "AT", Value: ["00181063"] });
  expect(found["00280010"]).toEqual({ vr: "US", Value: [2] });
  expect(found["00280106"]).toEqual({ vr: "SS", Value: [-7] });
  expect(found["00089215"]).toEqual({
    vr: "SQ",
    Value: [{ "00080100": { vr: "SH", Value: ["113076"] } }, {}],
  });
  expect(found["7FE00010"]).toEqual({ vr: "OW", BulkDataURI: "bulk/7FE00010" });
  expect(Object.keys(found)).toEqual(Object.keys(found).toSorted());
  expect(Object.keys(found).filter((tag) => tag.startsWith("0002"))).toEqual([]);
});

test.each([
  ["0.1", 0.1],
  ["+1.50e1", 15],
  ["-0", -0],
  ["00012", 12],
  ["1E3", 1000],
  ["9007199254740993", "9007199254740993"],
  ["0.12345678901234567", "0.12345678901234567"],
  ["1e999", "1e999"],
  ["NaN", "NaN"],
  ["1.5.2", "1.5.2"],
])("the decimal string %s becomes %s", (text, expected) => {
  expect(json(ordered(field(0x00281053, "DS", text)))["00281053"]).toEqual({ vr: "DS", Value: [expected] });
});

test("64-bit integers beyond 2^53 and numbers that JSON has not stay text", () => {
  const wide = Buffer.alloc(16);
  wide.writeBigUInt64LE(9007199254740993n, 0);
  wide.writeBigUInt64LE(7n, 8);
  const fields = ordered(field(0x0008040c, "UV", wide), field(0x00189087, "FD", [Number.POSITIVE_INFINITY]));
  expect(json(fields)["0008040C"]).toEqual({ vr: "UV", Value: ["9007199254740993", 7] });
  expect(json(fields)["00189087"]).toEqual({ vr: "FD", Value: ["inf"] });
});

test.each(forms)("binary values in %s are inline in Little Endian while they are short", (form) => {
  const fields = ordered(field(0x00281201, "OW", [1, 0x0203]), field(0x00281202, "OW", Array(600).fill(1)));
  const found = json(fields, form);
  expect(found["00281201"]).toEqual({ vr: "OW", InlineBinary: Buffer.from([1, 0, 3, 2]).toString("base64") });
  expect(found["00281202"]).toEqual({ vr: "OW", BulkDataURI: "bulk/00281202" });
});

test("an empty value has no Value, and group lengths are left out", () => {
  const found = json(
    ordered(field(0x00280000, "UL", [0]), field(0x00100010, "PN", ""), field(0x00281053, "DS", "")),
  );
  expect(found["00100010"]).toEqual({ vr: "PN" });
  expect(found["00281053"]).toEqual({ vr: "DS" });
  expect(found["00280000"]).toBeUndefined();
});
