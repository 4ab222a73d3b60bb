import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DicomFault } from "../faults.ts";
import { deflatedFile, encode, encapsulated, encapsulatedFile, field, file } from "./encode.fixture.ts";
import { imageFields, meta, ordered, transferSyntaxes, UNDEFINED, type Form } from "./encode.fixture.ts";
import { parseDataSet, parseDicom, readHeader } from "./parse-dicom.ts";
import { defaultReadLimits } from "./reader-state.ts";

const forms = Object.keys(transferSyntaxes) as Form[];
const pixels = field(0x7fe00010, "OW", [1, 2, 3, 4]);

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (fault) {
    if (fault instanceof DicomFault) return fault.code;
    throw fault;
  }
  return "none";
}

const rich = ordered(
  field(0x00080008, "CS", "ORIGINAL\\PRIMARY"),
  field(0x00100010, "PN", "Phantom^One"),
  field(0x00189087, "FD", [1000.5]),
  field(0x00280030, "DS", "0.5\\ 1.25 "),
  field(0x00280106, "SS", [-7]),
  field(0x00089215, "SQ", [[field(0x00080100, "SH", "113076")], [field(0x00080100, "SH", "113091")]]),
  ...imageFields(2, 2, { signed: 1 }),
  pixels,
);

describe.each(forms)("in %s", (form) => {
  test.each([
    ["a file", () => parseDicom(file(rich, form))],
    ["a bare data set", () => parseDicom(encode(rich, form))],
    ["a data set of a message", () => parseDataSet(encode(rich, form), transferSyntaxes[form])],
  ])("%s gives identity, text, numbers, items and pixels", (_, read) => {
    const object = read();
    expect(object.transferSyntaxUid).toBe(transferSyntaxes[form]);
    expect(object.seriesInstanceUid).toBe("1.2.3.1");
    expect(object.attributes.strings("ImageType")).toEqual(["ORIGINAL", "PRIMARY"]);
    expect(object.attributes.string("PatientName")).toBe("Phantom^One");
    expect(object.attributes.numbers("PixelSpacing")).toEqual([0.5, 1.25]);
    expect(object.attributes.number("DiffusionBValue")).toBe(1000.5);
    expect(object.attributes.number("SmallestImagePixelValue")).toBe(-7);
    expect(object.attributes.items("DerivationCodeSequence").map((item) => item.string("CodeValue"))).toEqual(
      ["113076", "113091"],
    );
    expect(object.pixelData).toMatchObject({ kind: "native", length: 8, keyword: "PixelData" });
  });

  test("sequences of undefined length read as those of defined length", () => {
    const open = rich.map((one) => (one.vr === "SQ" ? { ...one, length: UNDEFINED } : one));
    const object = parseDicom(file(open, form));
    expect(object.attributes.items("DerivationCodeSequence")).toHaveLength(2);
    expect(object.attributes.number("Rows")).toBe(2);
    expect(object.warnings).toEqual([]);
  });
});

test("a deflated data set is inflated, and its offsets count there", () => {
  const object = parseDicom(deflatedFile(rich));
  expect(object.attributes.string("PatientName")).toBe("Phantom^One");
  expect(object.dataSetOffset).toBe(0);
  expect(object.bytes).toEqual(new Uint8Array(encode(rich, "explicit little")));
});

test("a bomb is refused at the limit", () => {
  const bomb = deflateRawSync(
    Buffer.concat([encode(rich, "explicit little"), Buffer.alloc(80 * 1024 * 1024)]),
  );
  const bytes = Buffer.concat([meta("1.2.840.10008.1.2.1.99"), bomb]);
  expect(codeOf(() => parseDicom(bytes))).toBe("INFLATED_TOO_LARGE");
});

test("a deflate stream that breaks off gives what came before, and says so", () => {
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * index * 7919) >>> 5));
  const whole = deflatedFile([...rich.slice(0, -1), field(0x7fe00010, "OB", noise)]);
  const object = parseDicom(whole.subarray(0, whole.length - 2000));
  expect(object.attributes.string("PatientName")).toBe("Phantom^One");
  expect(object.warnings.some((line) => line.includes("CORRUPT_DEFLATE"))).toBe(true);
});

test.each([
  ["implicit little", "explicit little"],
  ["explicit big", "explicit little"],
  ["explicit little", "implicit little"],
] as const)("a file that says %s and is %s is read as what it is", (said, is) => {
  const object = parseDicom(Buffer.concat([meta(transferSyntaxes[said]), encode(rich, is)]));
  expect(object.transferSyntaxUid).toBe(transferSyntaxes[is]);
  expect(object.attributes.number("Rows")).toBe(2);
  expect(object.warnings).toContain("the bytes are not in the transfer syntax that is claimed");
});

test("DICM at 128 by chance is not the mark of a file", () => {
  const before = ordered(field(0x00080005, "CS", "ISO_IR 100"));
  const length = encode(before.slice(0, 3), "explicit little").length;
  const name = `${" ".repeat(128 - length - 8)}DICMA`;
  const bytes = encode(
    [...before.slice(0, 3), field(0x00081010, "SH", name), ...before.slice(3)],
    "explicit little",
  );
  expect(bytes.subarray(128, 132).toString()).toBe("DICM");
  expect(parseDicom(bytes).sopInstanceUid).toBe("1.2.3.4");
});

test("an UN sequence is implicit inside, of defined or undefined length", () => {
  const inner = encode([field(0x00080100, "SH", "113076")], "implicit little");
  const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, inner.length, 0, 0, 0]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const known = field(0x00089215, "UN", Buffer.concat([head, inner]));
  const open = field(0x00091001, "UN", Buffer.concat([head, inner, end]), UNDEFINED);
  const creator = field(0x00090010, "LO", "SOMEONE");
  const object = parseDicom(file(ordered(known, creator, open), "explicit little"));
  expect(object.attributes.items("DerivationCodeSequence")[0]?.string("CodeValue")).toBe("113076");
  expect(object.warnings).toEqual([]);
});

test("private attributes are found by creator, whatever block it reserved", () => {
  const fields = ordered(
    field(0x00190010, "LO", "OTHER"),
    field(0x0019100c, "IS", "1"),
    field(0x00190012, "LO", "SIEMENS MR HEADER"),
    field(0x0019120c, "IS", "1000"),
  );
  for (const form of forms) {
    const { attributes } = parseDicom(file(fields, form));
    expect(attributes.privateNumbers(0x0019, "SIEMENS MR HEADER", 0x0c)).toEqual([1000]);
    expect(attributes.privateNumbers(0x0019, "NOBODY", 0x0c)).toEqual([]);
  }
});

test("of two elements with one tag the first counts", () => {
  const fields = ordered(field(0x00281053, "DS", "0.05"), field(0x00281053, "DS", "9"));
  const object = parseDicom(file(fields, "explicit little"));
  expect(object.attributes.number("RescaleSlope")).toBe(0.05);
  expect(object.warnings).toEqual(["a tag twice, the first is kept (0028,1053)"]);
});

test.each(["nan", "Infinity", "0x10", "1e999", "12abc", "--1"])("%s is no number", (text) => {
  const object = parseDicom(file(ordered(field(0x00281053, "DS", text)), "explicit little"));
  expect(object.attributes.number("RescaleSlope")).toBeUndefined();
  expect(object.attributes.numbers("RescaleSlope")).toEqual([Number.NaN]);
});

test("a misspelled keyword is a bug and throws", () => {
  const { attributes } = parseDicom(file(ordered(), "explicit little"));
  expect(() => attributes.string("RescaleSlopes")).toThrow(TypeError);
});

test("nesting beyond the limit ends the reading, not the process", () => {
  let nested = field(0x00089215, "SQ", [[]], UNDEFINED);
  for (let level = 0; level < 500; level += 1) nested = field(0x00089215, "SQ", [[nested]], UNDEFINED);
  const late = parseDicom(file([...ordered(), { ...nested, tag: 0x00400275 }], "explicit little"));
  expect(late.warnings).toContain("TOO_DEEP: sequences are nested too deeply");
  expect(codeOf(() => parseDicom(file([nested, ...ordered()], "explicit little")))).toBe("TOO_DEEP");
});

test("elements beyond the limit end the reading", () => {
  const many = Array.from({ length: 200 }, (_, index) => field(0x00291100 + index, "LO", "x"));
  const limits = { ...defaultReadLimits, elements: 50 };
  const object = parseDicom(file([...ordered(), ...many], "explicit little"), limits);
  expect(object.warnings.some((line) => line.startsWith("TOO_MANY_ELEMENTS"))).toBe(true);
});

test.each([0xfffffffe, 0x80000000])("pixel data that claims %i bytes allocates nothing by it", (length) => {
  const fields = [...ordered(...imageFields(2, 2)), field(0x7fe00010, "OW", [1, 2], length)];
  const object = parseDicom(file(fields, "explicit little"));
  expect(object.pixelData).toMatchObject({ kind: "native", length: 4 });
});

test("a value that is not all there is left out rather than shortened", () => {
  const bytes = file(ordered(field(0x00204000, "LT", "a comment")), "explicit little");
  const object = parseDicom(bytes.subarray(0, bytes.length - 4));
  expect(object.attributes.has("ImageComments")).toBe(false);
  expect(object.warnings).toEqual(["TRUNCATED: the bytes end within an element (0020,4000)"]);
});

test("fragments are found with and without delimiter, offset table and honest lengths", () => {
  const fragments = [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5, 6)];
  const whole = parseDicom(
    encapsulatedFile([...ordered(), encapsulated(fragments, [0, 10])], "1.2.840.10008.1.2.4.70"),
  );
  expect(whole.pixelData).toMatchObject({ kind: "encapsulated", basicOffsets: [0, 10] });
  const open = encapsulatedFile([...ordered(), encapsulated(fragments, [], false)], "1.2.840.10008.1.2.4.70");
  const cut = parseDicom(open.subarray(0, open.length - 2));
  expect(cut.pixelData).toMatchObject({ fragments: [{ length: 2 }, { length: 2 }] });
  expect(cut.warnings).toEqual(["a fragment longer than the object", "fragments without their delimiter"]);
});

test("a header needs the file only up to its pixels", () => {
  const bytes = file(rich, "explicit little");
  const header = readHeader(bytes.subarray(0, bytes.length - 10));
  expect(header.attributes.number("Rows")).toBe(2);
  expect(header.pixelData).toBeUndefined();
});

const without = (tag: number) => ordered().filter((one) => one.tag !== tag);

test.each([
  ["NOT_DICOM", Buffer.alloc(0)],
  ["NOT_DICOM", Buffer.alloc(128)],
  ["NOT_DICOM", Buffer.from("This is a text and no image at all, though it is long enough to be one.")],
  ["TRUNCATED", meta("1.2.840.10008.1.2.1")],
  ["NO_SOP_CLASS_UID", file(without(0x00080016), "explicit little")],
  ["NO_SOP_INSTANCE_UID", file(without(0x00080018), "explicit little")],
  ["NO_STUDY_INSTANCE_UID", file(without(0x0020000d), "implicit little")],
  ["NO_SERIES_INSTANCE_UID", file(without(0x0020000e), "explicit big")],
  ["BAD_UID", file([...without(0x0020000d), field(0x0020000d, "UI", "../../etc/passwd")], "explicit little")],
  ["BAD_UID", file([...without(0x0020000d), field(0x0020000d, "UI", "1.".repeat(40))], "explicit little")],
])("%s", (code, bytes) => {
  expect(codeOf(() => parseDicom(bytes))).toBe(code);
});

test("a UID with leading zeros is kept as it is and said to be wrong", () => {
  const fields = [...without(0x0020000d), field(0x0020000d, "UI", "1.2.003")].toSorted(
    (a, b) => a.tag - b.tag,
  );
  const object = parseDicom(file(fields, "explicit little"));
  expect(object.studyInstanceUid).toBe("1.2.003");
  expect(object.warnings).toEqual(["StudyInstanceUID breaks the rules of a UID"]);
});
