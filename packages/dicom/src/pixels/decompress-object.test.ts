import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { attributesDigest, pixelDigest } from "../data-set/object-digests.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { decompressObject } from "./decompress-object.ts";

async function again(bytes: Uint8Array) {
  const object = parseDicom(bytes);
  const chunks = await decompressObject(object);
  if (isRefusal(chunks)) return { object, refused: chunks.refused };
  return { object, written: parseDicom(Buffer.concat(chunks)) };
}

test("an uncompressed object comes back with the same attributes and pixels", async () => {
  const { object, written } = await again(ctPhantom({ slices: 1, columns: 16, rows: 16 })[0]!.bytes);
  expect(attributesDigest(written!)).toBe(attributesDigest(object));
  expect(await pixelDigest(written!)).toBe(await pixelDigest(object));
  expect(written!.warnings).toEqual([]);
});

const folder = sharedData("transfer-syntaxes");

const files = folder
  ? (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".dcm"))
  : [];

/** How the written object differs, or why there is none. */
async function difference(bytes: Uint8Array): Promise<string> {
  const { object, written, refused } = await again(bytes);
  if (!written) return refused;
  if (written.transferSyntaxUid !== "1.2.840.10008.1.2.1") return "another transfer syntax";
  if (attributesDigest(written) !== attributesDigest(object)) return "other attributes";
  return (await pixelDigest(written)) === (await pixelDigest(object)) ? "none" : "other pixels";
}

test.skipIf(!folder)("real objects of every transfer syntax keep attributes and stored values", async () => {
  const found: string[] = [];
  for (const name of files) {
    const how = await difference(readFileSync(join(folder!, name))).catch((fault: unknown) => String(fault));
    found.push(`${how} ${name}`);
  }
  expect(found.length).toBeGreaterThan(20);
  // Two files name no study, so that nobody could ask for them.
  const others = found.filter(
    (line) => !line.startsWith("none") && !line.includes("StudyInstanceUID is absent"),
  );
  expect(others).toEqual([]);
});
