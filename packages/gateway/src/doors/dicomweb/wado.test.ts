import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { pixelDigest } from "@releve/dicom/data-set/object-digests";
import { sharedData } from "@releve/testkit/shared-data";
import { afterEach, beforeEach, expect, test } from "vitest";
import { phantomSlice } from "../../intake/intake.fixture.ts";
import { postObjects, temporaryWebDoor, type TemporaryWebDoor } from "../web-door.fixture.ts";
import { multipartParts } from "./multipart.ts";
import { parseMediaType } from "./media-type.ts";

let door: TemporaryWebDoor;
beforeEach(async () => {
  door = await temporaryWebDoor();
});
afterEach(() => door.close());

/** Stores one object and gives its address. */
async function addressOf(bytes: Uint8Array): Promise<string> {
  const response = await postObjects(door.root, [bytes]);
  const answer = (await response.json()) as Record<string, { Value: Record<string, { Value: string[] }>[] }>;
  return answer["00081199"]!.Value[0]!["00081190"]!.Value[0]!;
}

const get = (url: string, accept?: string) => fetch(url, { headers: accept === undefined ? {} : { accept } });

async function partsOf(response: Response) {
  const boundary = parseMediaType(response.headers.get("content-type")!)!.parameters.get("boundary")!;
  const parts: { type: string; bytes: Buffer }[] = [];
  const limits = { maxParts: 100, maxHeaderBytes: 4096 };
  for await (const part of multipartParts(response.body!, boundary, limits)) {
    const bytes = Buffer.concat(await toArray(part.body));
    parts.push({ type: part.headers.get("content-type")!, bytes });
  }
  return parts;
}

async function toArray(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

test("one object is one part, or the bare file for who asks for that", async () => {
  const bytes = phantomSlice();
  const url = await addressOf(bytes);
  const [part] = await partsOf(await get(url, 'multipart/related; type="application/dicom"'));
  expect(part!.type).toBe("application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  expect(part!.bytes.equals(bytes)).toBe(true);
  const bare = await get(url, "application/dicom");
  expect(bare.headers.get("content-type")).toBe("application/dicom");
  expect(Buffer.from(await bare.arrayBuffer()).equals(bytes)).toBe(true);
});

const folder = sharedData("transfer-syntaxes/encapsulation");
const compressed = "CT1_UNC.fragmented_bot_jpeg_ls.80.dcm";

test.skipIf(!folder)("a compressed object goes out as stored, or decompressed, or not at all", async () => {
  const bytes = readFileSync(join(folder!, compressed));
  const stored = parseDicom(bytes);
  const url = await addressOf(bytes);
  const ask = (syntax: string) => get(url, `multipart/related; type="application/dicom"${syntax}`);
  const [asStored] = await partsOf(await ask("; transfer-syntax=*"));
  expect(asStored!.bytes.equals(bytes)).toBe(true);
  const [plain] = await partsOf(await ask(""));
  const decompressed = parseDicom(plain!.bytes);
  expect(decompressed.transferSyntaxUid).toBe("1.2.840.10008.1.2.1");
  expect(await pixelDigest(decompressed)).toBe(await pixelDigest(stored));
  expect((await ask("; transfer-syntax=1.2.840.10008.1.2.4.70")).status).toBe(406);
});

test("what cannot be decompressed is left out with 206 beside others, and 406 alone", async () => {
  const unknown = Uint8Array.from(phantomSlice({}, 1));
  // Another transfer syntax by name, in the file meta group: nobody knows how to read its pixels.
  const at = Buffer.from(unknown.buffer).indexOf("1.2.840.10008.1.2.1\0");
  Buffer.from(unknown.buffer).write("1.2.840.10008.1.2.9", at);
  const url = await addressOf(unknown);
  await addressOf(phantomSlice());
  const accept = 'multipart/related; type="application/dicom"';
  const whole = await get(url.replace(/\/instances\/.*/, ""), accept);
  expect(whole.status).toBe(206);
  expect(await partsOf(whole)).toHaveLength(1);
  expect((await get(url, accept)).status).toBe(406);
  expect(await partsOf(await get(url, `${accept}; transfer-syntax=*`))).toHaveLength(1);
});

test.each([
  ["", "text/html", 406],
  ["/metadata", "application/dicom+xml", 406],
  ["/frames/1", "image/png", 406],
  ["/frames/0", undefined, 400],
  ["/frames/1,x", undefined, 400],
  ["/frames/2", undefined, 404],
  ["/bulkdata/7FE00010", "image/png", 406],
  ["/bulkdata/00091010", undefined, 404],
  ["/bulkdata/nonsense", undefined, 404],
  ["x", undefined, 404],
])("%s for %s is %i with a sentence", async (path, accept, status) => {
  const response = await get(`${await addressOf(phantomSlice())}${path}`, accept);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { detail: string }).detail).toMatch(/^[A-Z].*\.$/);
});

test("frames come in the order asked for", async () => {
  const url = await addressOf(phantomSlice());
  const parts = await partsOf(
    await get(`${url}/frames/1,1`, 'multipart/related; type="application/octet-stream"'),
  );
  expect(parts.map((part) => part.bytes.length)).toEqual([512, 512]);
});

test("a store that fails is told by a status, not by half an answer", async () => {
  const url = await addressOf(phantomSlice());
  const [entry] = [...(await door.intake.catalogue.current()).instances()];
  await door.intake.store.remove(entry!.entry.digest);
  expect((await get(`${url}/metadata`)).status).toBe(503);
  expect(door.faults).toHaveLength(1);
});

const oddities = sharedData("oddities-real/pydicom");

test.skipIf(!oddities)("bulk data is little endian, whatever it is stored in", async () => {
  const pixelsOf = async (name: string) => {
    const other = await temporaryWebDoor();
    const response = await postObjects(other.root, [readFileSync(join(oddities!, name))]);
    const answer = (await response.json()) as Record<
      string,
      { Value: Record<string, { Value: string[] }>[] }
    >;
    const url = `${answer["00081199"]!.Value[0]!["00081190"]!.Value[0]!}/bulkdata/7FE00010`;
    const bytes = Buffer.from(await (await get(url, "application/octet-stream")).arrayBuffer());
    await other.close();
    return bytes;
  };
  const little = await pixelsOf("MR_small.dcm");
  expect(little.length).toBe(64 * 64 * 2);
  expect((await pixelsOf("MR_small_bigendian.dcm")).equals(little)).toBe(true);
});
