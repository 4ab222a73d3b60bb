import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { deflatedFile, field, file, imageFields, ordered, transferSyntaxes } from "./encode.fixture.ts";
import type { Field, Form } from "./encode.fixture.ts";
import { attributesDigest, dataSetDigest, pixelDigest } from "./object-digests.ts";
import { parseDicom } from "./parse-dicom.ts";

const pixels = (...values: number[]) => field(0x7fe00010, "OW", values);

const fields = (...more: Field[]) =>
  ordered(
    field(0x00089215, "SQ", [[field(0x00080100, "SH", "113076")]]),
    field(0x00189087, "FD", [1000.5]),
    ...imageFields(2, 2),
    ...more,
  );

async function digests(bytes: Uint8Array) {
  const object = parseDicom(bytes);
  return { attributes: attributesDigest(object), pixels: await pixelDigest(object) };
}

test("the same image in four encodings has one digest of attributes and one of pixels", async () => {
  const image = fields(pixels(1, 2, 3, 4));
  const all = (Object.keys(transferSyntaxes) as Form[]).map((form) => file(image, form));
  const found = await Promise.all([...all, deflatedFile(image)].map(digests));
  expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(1);
});

test("the digest of the data set does not see group 0002", () => {
  const bytes = file(fields(pixels(1, 2, 3, 4)), "explicit little");
  const dataSet = bytes.subarray(parseDicom(bytes).dataSetOffset);
  expect(dataSetDigest(parseDicom(dataSet))).toBe(dataSetDigest(parseDicom(bytes)));
});

test("another attribute, also deep in a sequence, changes one digest; another pixel the other", async () => {
  const one = await digests(file(fields(pixels(1, 2, 3, 4)), "explicit little"));
  const otherPixel = await digests(file(fields(pixels(1, 2, 3, 5)), "explicit little"));
  expect(otherPixel.attributes).toBe(one.attributes);
  expect(otherPixel.pixels).not.toBe(one.pixels);
  const renamed = fields(pixels(1, 2, 3, 4)).map((element) =>
    element.vr === "SQ" ? field(element.tag, "SQ", [[field(0x00080100, "SH", "113077")]]) : element,
  );
  const other = await digests(file(renamed, "explicit little"));
  expect(other.attributes).not.toBe(one.attributes);
  expect(other.pixels).toBe(one.pixels);
});

test("a value cannot be written so that it reads like the elements after it", () => {
  const creator = field(0x00290010, "LO", "X");
  const split = ordered(
    creator,
    field(0x00291001, "OB", Buffer.from("ab")),
    field(0x00291002, "OB", Buffer.from("cd")),
  );
  const joined = ordered(creator, field(0x00291001, "OB", Buffer.from("ab291002 cd")));
  const digest = (list: readonly Field[]) => attributesDigest(parseDicom(file(list, "explicit little")));
  expect(digest(split)).not.toBe(digest(joined));
});

const enhanced = sharedData("multiframe-enhanced/pydicom");

test.skipIf(!enhanced)("real pixels are the same in every encoding", async () => {
  const names = readdirSync(enhanced!).filter((name) => name.startsWith("emri_small"));
  const found = await Promise.all(names.map((name) => digests(readFileSync(join(enhanced!, name)))));
  expect(names).toHaveLength(6);
  expect(new Set(found.map((one) => one.pixels)).size).toBe(1);
});
