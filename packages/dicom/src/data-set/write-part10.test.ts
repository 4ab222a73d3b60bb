import { expect, test } from "vitest";
import { encode, ordered } from "./encode.fixture.ts";
import { dataSetOffset } from "./file-meta.ts";
import { parseDicom } from "./parse-dicom.ts";
import { IMPLEMENTATION_CLASS_UID, part10Prefix } from "./write-part10.ts";

const header = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  sopInstanceUid: "1.2.3.4",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  sourceApplicationEntityTitle: "SENDER",
};

test("a prefix and a data set are a file, and the data set is found again untouched", () => {
  const dataSet = encode(ordered(), "explicit little");
  const bytes = Buffer.concat([part10Prefix(header), dataSet]);
  expect(Buffer.compare(bytes.subarray(dataSetOffset(bytes)), dataSet)).toBe(0);
  const object = parseDicom(bytes);
  expect(object.sopInstanceUid).toBe("1.2.3.4");
  expect(object.warnings).toEqual([]);
});

test("the implementation class is a UID of at most 128 bits", () => {
  expect(IMPLEMENTATION_CLASS_UID).toMatch(/^2\.25\.[1-9]\d*$/);
  expect(BigInt(IMPLEMENTATION_CLASS_UID.slice(5))).toBeLessThan(1n << 128n);
});

test("a title that is too long or no text is refused", () => {
  const write = (title: string) => () => part10Prefix({ ...header, sourceApplicationEntityTitle: title });
  expect(write("A".repeat(17))).toThrow(RangeError);
  expect(write("A\0B")).toThrow(RangeError);
});
